/** What the worker posts when it can be called. */
export const BEGAN = 'began';

/** What the worker posts when its device is lost. */
export const DEVICE_LOST = 'device lost';
