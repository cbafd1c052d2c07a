/** Where the page's parts are added. */
export const main = document.querySelector('main') ?? document.body;

/** What is going on, said to ears too. */
export const status = add(main, 'p', { role: 'status', textContent: 'Starting …' });

export function add<Name extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]>,
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties);
  parent.append(element);
  return element;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
