import { z } from 'zod';
import { type FileSource, InputError } from '../files/folder';
import { parseJson, readJson } from '../files/json';
import type { FileEntry } from './archives/archive';
import { openZip } from './archives/zip';
import type { DataImage, Dataset } from './dataset';
import type { DataOptions } from './options';
import { fillTemplate } from './promptTemplate';
import { arrange } from './splits/arrange';
import { reasonOf } from './text';

const indexPath = 'demo.json';

const indexSchema = z.object({
  imageSize: z.int().positive(),
  promptTemplate: z.string(),
  styles: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      author: z.string(),
      licence: z.string(),
      url: z.string(),
      heldOut: z.boolean(),
    }),
  ),
  groups: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      /** A zip of `STYLE/CONCEPT.webp` for the concepts that are not default ones, and its size. */
      file: z.string(),
      bytes: z.int().nonnegative(),
      concepts: z.array(z.object({ id: z.string(), name: z.string(), tags: z.array(z.string()) })),
    }),
  ),
  /** Ids of the concepts to begin with. */
  defaultConcepts: z.array(z.string()).min(1),
  /** The zip of their images. */
  defaultFile: z.string(),
});

/** The bundled data's list of contents. */
export type DemoIndex = z.infer<typeof indexSchema>;

/** Reads the list of contents of the bundled data. Throws InputError where it is missing or damaged. */
export async function readDemoIndex(source: FileSource): Promise<DemoIndex> {
  const where = `${source.name}/${indexPath}`;
  const file = await source.open(indexPath);
  if (!file) throw new InputError(`${where} is missing, the list of the bundled images.`);
  return parseJson(indexSchema, await readJson(file, where), where);
}

/**
 * Opens the bundled data: the same concepts drawn by several artists. Styles held out are the split 'test', the others
 * 'train'. Only the files in which wanted concepts are drawn are loaded. Texts and images come in the index's order.
 *
 * @param options `classes` are ids of concepts, the default ones where none are named; of the others the prompt template,
 *   few shots and labels count
 * @throws InputError where a concept does not exist or a file is missing
 */
export async function openDemo(source: FileSource, options: DataOptions = {}): Promise<Dataset> {
  const index = await readDemoIndex(source);
  const wanted = new Set(options.classes ?? index.defaultConcepts);
  const groups = index.groups
    .map((group) => ({ ...group, concepts: group.concepts.filter(({ id }) => wanted.delete(id)) }))
    .filter(({ concepts }) => concepts.length > 0);
  const [unknown] = wanted;
  if (unknown !== undefined) throw new InputError(`The demo has no concept “${unknown}”.`);
  if (groups.length === 0) throw new InputError('No concept of the demo is chosen; choose at least two.');
  const isDefault = new Set(index.defaultConcepts);
  const files = groups.flatMap(({ file, concepts }) =>
    concepts.map(({ id }) => (isDefault.has(id) ? index.defaultFile : file)),
  );
  const archives = await Promise.all([...new Set(files)].map((file) => openImages(source, file)));
  const entries = new Map(archives.flatMap((entries) => [...entries]));
  const concepts = groups.flatMap((group) => group.concepts);
  const classes = concepts.map(({ name }) => name);
  const images: DataImage[] = index.styles.flatMap((style) =>
    concepts.flatMap(({ id }, label) => {
      const path = `${style.id}/${id}.webp`;
      const split = style.heldOut ? 'test' : 'train';
      return entries.has(path) ? [{ path, texts: [label], split, style: style.id }] : [];
    }),
  );
  const { promptTemplate = index.promptTemplate } = options;
  const demo: Dataset = {
    name: 'Emoji',
    format: `drawn by ${index.styles.length} artists`,
    why: 'It comes with clip-distillery; styles that are held out are for testing.',
    doubts: [],
    otherForms: [],
    classes,
    texts: classes.map((name) => fillTemplate(promptTemplate, name)),
    promptTemplate,
    images,
    tables: [],
    skipped: [],
    styles: index.styles,
    open: ({ path }) => openEntry(entries, path),
  };
  return arrange(demo, new Map(), options).dataset;
}

async function openImages(source: FileSource, path: string): Promise<Map<string, FileEntry>> {
  const file = await source.open(path);
  if (!file) throw new InputError(`${source.name}/${path} is missing, a part of the bundled images.`);
  return (await openZip(file, `${source.name}/${path}`)).entries;
}

async function openEntry(entries: Map<string, FileEntry>, path: string): Promise<Blob> {
  const entry = entries.get(path);
  if (!entry) throw new InputError(`The demo has no image ${path}.`);
  try {
    return await entry.open();
  } catch (error) {
    throw new InputError(`The demo's image ${path} can't be opened: ${reasonOf(error)}.`);
  }
}
