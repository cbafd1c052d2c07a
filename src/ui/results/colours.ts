const probe = document.createElement('i');
probe.hidden = true;
document.body.append(probe);

/** A colour of tokens.css as a canvas takes it, in the theme of the moment. */
export function colour(name: string): string {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}
