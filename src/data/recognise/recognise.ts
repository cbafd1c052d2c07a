import { plural } from '../../files/count';
import type { ImportFiles } from '../archives/importFiles';
import type { DataOptions } from '../options';
import { withoutAccessories } from './classFolders';
import { nameCodes, withBlanks } from './classNames';
import { type Doubt, doubtsAbout } from './evidence';
import { type Form, forms } from './forms';
import { type Listing, NoTexts } from './source';

interface Reading {
  form: Form;
  listing: Listing;
  doubts: Doubt[];
  score: number;
}

/**
 * Reads files as every form that they can be, and answers the reading that most speaks for, by its form's trust less
 * what speaks against it, or the one that the options name. Undefined where there is none; throws InputError where a form
 * is plainly there but wrong.
 */
export async function recognise(given: ImportFiles, options: DataOptions): Promise<Listing | undefined> {
  const files = { ...given, images: withoutAccessories(given.images) };
  const readings: Reading[] = [];
  let without: NoTexts | undefined;
  for (const form of forms) {
    try {
      const listing = await form.read(files, options);
      const named =
        listing && (options.namesAsWritten ? listing : withBlanks(await nameCodes(listing, files)));
      if (named) readings.push(judge(form, named, files));
    } catch (error) {
      if (!(error instanceof NoTexts)) throw error;
      without ??= error;
    }
  }
  readings.sort((a, b) => b.score - a.score);
  const best = readings.find(({ form }) => form.name === options.form) ?? readings[0];
  if (!best && without) throw without;
  const accessories = given.images.length - files.images.length;
  return best && told(best, readings, accessories, without);
}

function judge(form: Form, listing: Listing, { images }: ImportFiles): Reading {
  const doubts = doubtsAbout(listing, images);
  const against = doubts.reduce((sum, { weight }) => sum + weight, 0);
  return { form, listing, doubts, score: listing.pairings.length > 0 ? form.trust - against : -10 };
}

/** A reading's listing with what is to be said of it, and with the other forms that the files could be. */
function told(reading: Reading, all: Reading[], accessories: number, without?: NoTexts): Listing {
  const others = all.filter((one) => one !== reading && one.listing.pairings.length > 0);
  return {
    ...reading.listing,
    doubts: [
      ...(reading.listing.doubts ?? []),
      ...reading.doubts.map(({ says }) => says),
      ...(accessories > 0
        ? [`Left out: ${plural(accessories, 'image')} in folders of masks and the like.`]
        : []),
      ...(without ? [without.message] : []),
    ],
    otherForms: others.map(({ form, listing }) => ({ name: form.name, format: listing.format })),
  };
}
