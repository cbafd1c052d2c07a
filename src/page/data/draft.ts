import type { Run } from '../../run/schema';
import type { DataOptions } from '../../worker/api';

export type Augment = Run['train']['augment'];

/** Edits of the review that are not applied yet. */
export interface Draft {
  options: DataOptions;
  /** New names of classes, by those that are shown. */
  names: Record<string, string>;
  augment: Augment;
}

export interface SectionProps {
  draft: Draft;
  onChange: (change: Partial<Draft>) => void;
}

export const draftOf = ({ dataOptions, train }: Run): Draft => ({
  options: dataOptions ?? {},
  names: {},
  augment: train.augment,
});

/** The data options that a draft asks for. */
export function optionsOf({ options, names }: Draft): DataOptions {
  const classNames = renamed(options.classNames ?? {}, names);
  return { ...options, classNames: Object.keys(classNames).length > 0 ? classNames : undefined };
}

/**
 * The names that classes are to have, by the names that were read.
 *
 * @param applied the same, as the shown names came about
 * @param edits new names, by shown ones
 */
export function renamed(
  applied: Record<string, string>,
  edits: Record<string, string>,
): Record<string, string> {
  const byRead: [string, string][] = [];
  for (const [shown, name] of Object.entries(edits)) {
    // Also by the shown name itself: another class may have been renamed to one that was read as it is.
    const read = Object.keys(applied).filter((key) => applied[key] === shown);
    for (const key of [...read, shown]) byRead.push([key, name.trim()]);
  }
  const all = Object.entries({ ...applied, ...Object.fromEntries(byRead) });
  return Object.fromEntries(all.filter(([read, name]) => read !== name));
}

export const isSame = (a: Draft, b: Draft): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A prompt template needs a place for the class name. */
export const isTemplate = (template: string): boolean => template.includes('{}');
