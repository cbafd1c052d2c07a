import { InputError } from '../../files/folder';

/** Machines and routers at home, and this machine itself. */
const privateHost =
  /^(localhost|.*\.(localhost|local|internal|home\.arpa)|0\.0\.0\.0|127\.[\d.]+|10\.[\d.]+|192\.168\.[\d.]+|172\.(1[6-9]|2\d|3[01])\.[\d.]+|169\.254\.[\d.]+|\[(::1?|f[cd][\da-f:]*|fe80[\da-f:.]*|::ffff:[\da-f:.]*)\])$/;

/**
 * The address in a link, from the page at `here`.
 *
 * @throws InputError where it is none, or leads into the private network of whoever follows the link to a public page
 */
export function linkedAddress(place: string, here: string): URL {
  const url = URL.parse(place, here);
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InputError(`The link asks to open “${place.slice(0, 200)}”, which is no web address.`);
  if (privateHost.test(url.hostname) && !privateHost.test(new URL(here).hostname))
    throw new InputError(
      `The link asks to open ${url.href}, which is in your own network; fetch the file yourself and drop it here.`,
    );
  return url;
}
