"""Random views of a batch of RGBA drawings, so that the teacher relies on shape more than on one artist's colours."""
import math

import torch
import torch.nn.functional as F

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1)
LUMA = torch.tensor([0.299, 0.587, 0.114])

ROTATION, SHEAR, ASPECT = 10, 0.1, 0.15  # degrees; share of the width; logarithm of the ratio
ZOOM = (0.8, 1.1)  # visible share of the drawing's width: below 1 crops, above 1 adds margin
HUE, SATURATION, BRIGHTNESS = 0.3, (0.6, 1.4), (0.8, 1.2)
GREY, RECOLOUR, FILTER, COLOURED = 0.06, 0.03, 0.1, 0.25  # how often


def normalise(rgb):
    return (rgb - MEAN) / STD


def uniform(n, low, high):
    return torch.rand(n) * (high - low) + low


def placement(n, strength):
    """Random affine maps [n, 2, 3]: zoom, aspect, rotation, shear, shift, mirror."""
    zoom = 1 + (uniform(n, *ZOOM) - 1) * strength
    aspect = (uniform(n, -ASPECT, ASPECT) * strength).exp()
    angle = torch.randn(n).clamp(-2, 2) * math.radians(ROTATION) / 2 * strength
    mirror = (torch.rand(n) < 0.5).float() * 2 - 1
    cos, sin = angle.cos(), angle.sin()
    shear = uniform(n, -SHEAR, SHEAR) * strength
    free = (1 - zoom).abs() + 0.05
    x, y = uniform(n, -1, 1) * free, uniform(n, -1, 1) * free
    return torch.stack([
        torch.stack([mirror * zoom * aspect * cos, zoom / aspect * (shear - sin), x], 1),
        torch.stack([mirror * zoom * aspect * sin, zoom / aspect * cos, y], 1)], 1)


def colour_maps(n, strength):
    """Random 3x3 colour matrices [n, 3, 3]: turned hue, scaled saturation, sometimes grey or wholly recoloured."""
    saturation = 1 + (uniform(n, *SATURATION) - 1) * strength
    saturation = saturation * (torch.rand(n) >= GREY * strength)
    angle = torch.randn(n).clamp(-2, 2) * HUE / 2 * strength
    cos, sin = angle.cos().view(n, 1, 1), angle.sin().view(n, 1, 1)
    grey = torch.full((3, 3), 1 / 3)
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)
    turn = cos * torch.eye(3) + sin * cross + (1 - cos) * grey
    shuffled = torch.eye(3)[torch.rand(n, 3).argsort(1)]
    turn = torch.where((torch.rand(n) < RECOLOUR * strength).view(n, 1, 1), shuffled, turn)
    luma = LUMA.expand(3, 3)
    s = saturation.view(n, 1, 1)
    return (s * torch.eye(3) + (1 - s) * luma) @ turn


def random_filter(rgb):
    """A random 3x3 filter for some images: softens, sharpens or draws edges."""
    n, _, size, _ = rgb.shape
    kernel = torch.randn(n, 3, 3) * 0.25
    kernel[:, 1, 1] += 1 - kernel.sum((1, 2))
    kernel = kernel.view(n, 1, 1, 3, 3).expand(-1, 3, -1, -1, -1).reshape(3 * n, 1, 3, 3)
    padded = F.pad(rgb, (1, 1, 1, 1), mode="replicate").reshape(1, 3 * n, size + 2, size + 2)
    return F.conv2d(padded, kernel, groups=3 * n).view_as(rgb)


def backgrounds(n, strength):
    """White, or any colour: [n, 3, 1, 1]."""
    white = (torch.rand(n, 1, 1, 1) >= COLOURED * strength).float()
    return white + (1 - white) * torch.rand(n, 3, 1, 1)


def augment(rgba, size, strength=1.0):
    """rgba uint8 [n, 4, s, s] -> normalised pixels [n, 3, size, size]; at strength 0 only mirrored and shifted."""
    n = len(rgba)
    x = rgba.float() / 255
    x = torch.cat([x[:, :3] * x[:, 3:], x[:, 3:]], 1)
    grid = F.affine_grid(placement(n, strength), (n, 4, size, size), align_corners=False)
    x = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
    colour, alpha = x[:, :3], x[:, 3:]
    brightness = (1 + (uniform(n, *BRIGHTNESS) - 1) * strength).view(n, 1, 1, 1)
    colour = (colour_maps(n, strength) @ colour.flatten(2)).view_as(colour) * brightness
    rgb = colour.clamp(0, 1) + (1 - alpha) * backgrounds(n, strength)
    filtered = torch.rand(n) < FILTER * strength
    if filtered.any():
        rgb[filtered] = random_filter(rgb[filtered])
    return normalise(rgb.clamp(0, 1))
