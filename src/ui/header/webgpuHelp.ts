/** How to switch WebGPU on in the browser with this user agent. */
export function howToEnableWebGPU(userAgent: string): string {
  if (/Firefox\//.test(userAgent)) {
    return /Windows|Mac OS X/.test(userAgent)
      ? 'In Firefox, update to version 145 or later, or set dom.webgpu.enabled to true in about:config.'
      : 'In Firefox, set dom.webgpu.enabled to true in about:config and restart, or open this page in Chrome.';
  }
  if (/Chrome\//.test(userAgent)) {
    const name = /Edg\//.test(userAgent) ? 'edge' : 'chrome';
    return /Linux/.test(userAgent) && !/Android/.test(userAgent)
      ? `On Linux, turn on “Unsafe WebGPU Support” and “Vulkan” in ${name}://flags and restart.`
      : `Turn on “Use graphics acceleration when available” in ${name}://settings/system, update the graphics driver and restart; ${name}://gpu says what is missing.`;
  }
  if (/Safari\//.test(userAgent)) {
    return 'In Safari, update to version 26, or turn on WebGPU under Settings, Feature Flags.';
  }
  return 'Current Chrome, Edge, Safari and Firefox have WebGPU.';
}
