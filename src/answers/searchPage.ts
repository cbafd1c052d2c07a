import { sheetPath, TILE } from '../export/searchPage';
import { add, main, messageOf, status } from './elements';
import type { Searching } from './search';

/** Pictures shown for a text. */
const SHOWN = 60;

/** A text in, pictures out. */
export class SearchPage {
  private readonly found: HTMLElement;

  constructor(private readonly search: Searching) {
    document.title = 'Find pictures';
    const heading = main.querySelector('h1');
    if (heading) heading.textContent = 'Find pictures';
    const form = add(main, 'form', { className: 'controls' });
    const label = add(form, 'label', { textContent: 'What is in them? ' });
    const query = add(label, 'input', { type: 'search', maxLength: 1000, autofocus: true });
    add(form, 'button', { textContent: 'Find' });
    this.found = add(main, 'ol', { className: 'found', ariaLabel: 'Pictures found' });
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = query.value.trim();
      if (text) void this.show(text).catch((error: unknown) => this.fail(error));
    });
  }

  private async show(text: string): Promise<void> {
    const { paths } = this.search;
    const cosines = await this.search.find(text);
    const best = [...paths.keys()].sort((a, b) => cosines[b] - cosines[a]).slice(0, SHOWN);
    this.found.replaceChildren();
    for (const picture of best) {
      const item = add(this.found, 'li', {});
      add(item, 'div', { role: 'img', ariaLabel: paths[picture] }).style.background = partOfSheet(picture);
      add(item, 'data', { value: String(cosines[picture]), textContent: cosines[picture].toFixed(3) });
      add(item, 'span', { textContent: paths[picture] });
    }
    status.textContent = `The ${best.length} of ${paths.length} pictures that “${text}” fits best, with their cosines.`;
  }

  private fail(error: unknown): void {
    status.textContent = `It could not be searched for: ${messageOf(error)}.`;
  }
}

function partOfSheet(picture: number): string {
  const { size, inRow, inSheet } = TILE;
  const place = picture % inSheet;
  const [left, top] = [place % inRow, Math.floor(place / inRow)].map((tiles) => -size * tiles);
  return `url(${sheetPath(Math.floor(picture / inSheet))}) ${left}px ${top}px`;
}
