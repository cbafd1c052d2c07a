/** What the worker posts when its device is lost. */
export const DEVICE_LOST = 'device lost';
