import { InputError } from '../files/folder';
import type { Dataset } from './dataset';

/** What a class name becomes a text by, where the data brings no template: CLIP's own. */
export const defaultPromptTemplate = 'a photo of a {}.';

/** Puts a class name where the template has '{}'. Throws InputError where it has none. */
export function fillTemplate(template: string, className: string): string {
  if (!template.includes('{}')) {
    throw new InputError(
      `The prompt template “${template}” has no {}; write {} where the class name belongs.`,
    );
  }
  return template.replace('{}', () => className);
}

/** The same data with its class names in another prompt template. Captions stay what they are. */
export function withPromptTemplate(dataset: Dataset, template: string): Dataset {
  if (dataset.classes.length === 0) return dataset;
  const texts = dataset.classes.map((name) => fillTemplate(template, name));
  return { ...dataset, texts, promptTemplate: template };
}
