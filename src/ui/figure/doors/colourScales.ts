type Rgb = readonly [number, number, number];

/** A colour for a value in 0..1. */
export type ColourScale = (share: number) => Rgb;

/** Cividis, for amounts: even to people of every colour vision (Nuñez et al. 2018). */
export const amounts: ColourScale = between([
  [0, 34, 78],
  [67, 78, 108],
  [125, 124, 120],
  [188, 175, 111],
  [254, 232, 56],
]);

/** Purple to orange (ColorBrewer's PuOr), for differences; 0.5 is no difference. */
export const differences: ColourScale = between([
  [84, 39, 136],
  [153, 142, 195],
  [247, 247, 247],
  [241, 163, 64],
  [179, 88, 6],
]);

/** Straight lines between evenly spaced colours. */
function between(stops: readonly Rgb[]): ColourScale {
  return (share) => {
    const place = Math.min(1, Math.max(0, share)) * (stops.length - 1);
    const i = Math.min(stops.length - 2, Math.floor(place));
    const mix = (channel: 0 | 1 | 2) =>
      Math.round(stops[i][channel] + (stops[i + 1][channel] - stops[i][channel]) * (place - i));
    return [mix(0), mix(1), mix(2)];
  };
}

export function gradientOf(scale: ColourScale): string {
  const stops = [0, 0.25, 0.5, 0.75, 1].map((share) => `rgb(${scale(share).join(' ')})`);
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
