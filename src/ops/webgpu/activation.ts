import type { Activation } from '../activation';

/**
 * WGSL of value(x) and slope(x) = d value / d x. The error function is Abramowitz & Stegun 7.1.26's rational form with
 * a series near 0, where its absolute error of 1.5e-7 would be a large relative one. (1 + tanh(u)) / 2 is sigmoid(2 u).
 */
export const ACTIVATION_FUNCTIONS: Record<Activation, string> = {
  quick_gelu: `
    fn value(x : f32) -> f32 { return x / (1.0 + exp(-1.702 * x)); }
    fn slope(x : f32) -> f32 {
      let s = 1.0 / (1.0 + exp(-1.702 * x));
      return s + 1.702 * x * s * (1.0 - s);
    }`,
  gelu: `
    fn erf(x : f32) -> f32 {
      let a = abs(x);
      if (a < 0.3) {
        let q = x * x;
        return x * 1.1283791671 * (1.0 - q * (0.3333333333 - q * (0.1 - q * (0.0238095238 - q * 0.00462962963))));
      }
      let t = 1.0 / (1.0 + 0.3275911 * a);
      let poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      return sign(x) * (1.0 - poly * exp(-a * a));
    }
    fn value(x : f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678118)); }
    fn slope(x : f32) -> f32 {
      return 0.5 * (1.0 + erf(x * 0.70710678118)) + x * 0.3989422804 * exp(-0.5 * x * x);
    }`,
  gelu_pytorch_tanh: `
    fn gate(x : f32) -> f32 { return 1.0 / (1.0 + exp(-1.5957691216 * (x + 0.044715 * x * x * x))); }
    fn value(x : f32) -> f32 { return x * gate(x); }
    fn slope(x : f32) -> f32 {
      let s = gate(x);
      return s + x * s * (1.0 - s) * 1.5957691216 * (1.0 + 0.134145 * x * x);
    }`,
};
