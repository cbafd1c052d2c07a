import type { Activation } from '../activation';

/**
 * WGSL of activated(x) = (value, d value / d x), which share their exponential. The error function is Abramowitz & Stegun
 * 7.1.26's rational form with a series near 0, where its absolute error of 1.5e-7 would be a large relative one.
 * (1 + tanh(u)) / 2 is sigmoid(2 u).
 */
export const ACTIVATION_FUNCTIONS: Record<Activation, string> = {
  quick_gelu: `
    fn activated(x : f32) -> vec2<f32> {
      let s = 1.0 / (1.0 + exp(-1.702 * x));
      return vec2(x * s, s + 1.702 * x * s * (1.0 - s));
    }`,
  gelu: `
    fn activated(x : f32) -> vec2<f32> {
      let bell = exp(-0.5 * x * x);
      let z = x * 0.70710678118;
      let q = z * z;
      var erf = z * 1.1283791671 * (1.0 - q * (0.3333333333 - q * (0.1 - q * (0.0238095238 - q * 0.00462962963))));
      if (q >= 0.09) {
        let t = 1.0 / (1.0 + 0.3275911 * abs(z));
        let poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        erf = sign(x) * (1.0 - poly * bell);
      }
      let normal = 0.5 * (1.0 + erf);
      return vec2(x * normal, normal + x * 0.3989422804 * bell);
    }`,
  gelu_pytorch_tanh: `
    fn activated(x : f32) -> vec2<f32> {
      let s = 1.0 / (1.0 + exp(-1.5957691216 * (x + 0.044715 * x * x * x)));
      return vec2(x * s, s + x * s * (1.0 - s) * 1.5957691216 * (1.0 + 0.134145 * x * x));
    }`,
};
