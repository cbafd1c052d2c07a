import { download } from '../src/page/download';
import { button, create } from './dom';
import { advantage, circumstances, type Figure, figuresOf, figureText, timesText } from './figures';
import { encodeResult, resultJson } from './link';
import type { BenchResult } from './result';

/** A result as the page shows it. */
export interface Card {
  result: BenchResult;
  /** Where it is from. */
  origin: string;
  /** Leaves it out; undefined where it must stay. */
  remove?: () => void;
}

/**
 * Cards side by side, each figure with how many times as good it is as the first card's.
 *
 * @param copy puts a text into the clipboard and says what it was
 */
export function cardElements(cards: Card[], copy: (text: string, what: string) => void): HTMLElement[] {
  return cards.map((card) => cardElement(card, cards[0], copy));
}

function cardElement(
  { result, origin, remove }: Card,
  first: Card,
  copy: (text: string, what: string) => void,
): HTMLElement {
  const base = result === first.result ? undefined : figuresOf(first.result);
  const list = create('dl', '', ...figuresOf(result).flatMap((figure, i) => line(figure, base?.[i])));
  const link = new URL(encodeResult(result), location.href.split('#')[0]).href;
  const actions = create(
    'div',
    '',
    button('Copy link', () => copy(link, 'link')),
    button('Copy JSON', () => copy(resultJson(result), 'JSON')),
    button('Download JSON', () => {
      download(new Blob([resultJson(result)], { type: 'application/json' }), 'bench.json');
    }),
  );
  actions.className = 'actions';
  if (remove) actions.append(button('Remove', remove));
  const label = create('p', origin);
  label.className = 'origin';
  const about = create('p', circumstances(result));
  about.className = 'muted';
  const card = create('article', '', label, create('h2', result.adapter), about);
  if (result.note) card.append(create('p', result.note));
  card.append(list, actions);
  card.className = 'panel';
  card.setAttribute('aria-label', `${origin}: ${result.adapter}`);
  return card;
}

function line(figure: Figure, base: Figure | undefined): HTMLElement[] {
  const value = create('dd', figureText(figure));
  const times = base && advantage(figure, base);
  if (times) {
    const comparison = create('span', `${timesText(times)}×`);
    comparison.title = `${timesText(times)} times as good as the first card’s`;
    value.append(' ', comparison);
  }
  return [create('dt', figure.name), value];
}
