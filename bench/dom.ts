import type { Table } from './table';

/** The page's element with this id. */
export function find<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`bench.html has no ${id}`);
  return element;
}

export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  text: string,
  ...children: Node[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.append(text, ...children);
  return element;
}

export function checkbox(name: string, value: string, text: string, checked: boolean): HTMLLabelElement {
  const box = create('input', '');
  Object.assign(box, { type: 'checkbox', name, value, checked });
  const label = create('label', '', box);
  label.append(` ${text}`);
  return label;
}

export function button(text: string, onClick: () => void): HTMLButtonElement {
  const element = create('button', text);
  Object.assign(element, { type: 'button', className: 'quiet' });
  element.addEventListener('click', onClick);
  return element;
}

export function tableElement({ title, rows: [head, ...body] }: Table): HTMLElement {
  const row = (cells: string[], tag: 'th' | 'td') =>
    create('tr', '', ...cells.map((cell) => create(tag, cell)));
  const table = create('table', '', row(head, 'th'), ...body.map((cells) => row(cells, 'td')));
  table.setAttribute('aria-label', title);
  // Beside the title, which stays in sight where a narrow screen scrolls the table.
  const scroll = create('div', '', table);
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  return create('section', '', create('h3', title), scroll);
}
