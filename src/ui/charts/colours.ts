import { currentTheme } from '../parts/theme';

const probe = document.createElement('i');
probe.hidden = true;
document.body.append(probe);

/** By theme and name: asking the browser makes it compute styles before it draws. */
const known = new Map<string, string>();

/** A colour of tokens.css as a canvas takes it, in the theme of the moment. */
export function colour(name: string): string {
  const key = `${currentTheme()} ${name}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  probe.style.color = `var(--${name})`;
  const { color } = getComputedStyle(probe);
  known.set(key, color);
  return color;
}
