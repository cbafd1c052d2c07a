import { InputError } from '../../src/files/folder';
import type { AskedPicture, DataSummary, EngineApi } from '../../src/worker/api';
import { ownTexts, wait } from './fakeData';
import { heldOutOf, SCALE } from './fakeNumbers';

/** The same number for the same words, -1..1. */
function chance(words: string): number {
  let hash = 7;
  for (const character of words) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2147483647;
  return ((hash * 16807) % 2147483647) / 1073741823.5 - 1;
}

/** What both models would say of these pictures and texts, a picture a row. */
function cosines(
  share: number,
  texts: string[],
  pictures: string[],
  isRight: (text: number, picture: number) => boolean,
) {
  const of = (model: string, sharpness: number) =>
    Float32Array.from({ length: texts.length * pictures.length }, (_, i) => {
      const [text, picture] = [i % texts.length, Math.floor(i / texts.length)];
      const noise = 0.06 * chance(`${model} ${texts[text]} ${pictures[picture]}`);
      return 0.15 + noise + (isRight(text, picture) ? sharpness : 0);
    });
  return { teacher: of('teacher', 0.2), student: of('student', 0.2 * share) };
}

async function checkPicture({ file, path }: AskedPicture): Promise<void> {
  const [first] = new Uint8Array(await file.slice(0, 1).arrayBuffer());
  if (first !== 0x89 && first !== 0xff && !/\.(svg|heic)$/.test(path))
    throw new InputError(
      `${path} can't be read: not an image, damaged, or of a kind that this browser cannot decode.`,
    );
}

const isLong = (text: string): boolean => text.length > 300;

interface Learned {
  step: number;
  /** 0..1, of what there is to learn. */
  share: number;
  data: DataSummary;
}

/** The part of the engine that answers questions: a teacher that is right and a student that learns to be. */
export function fakeAsk(learned: () => Learned | undefined): Pick<EngineApi, 'ask' | 'search'> {
  let questions = 0;
  const think = async () => {
    const mine = ++questions;
    await wait(50);
    if (mine !== questions) throw new InputError('Another question was asked.');
    return learned();
  };
  return {
    async ask({ image, texts, withOwn }) {
      const now = await think();
      if (!now) return undefined;
      if (typeof image === 'object') await checkPicture(image);
      else if (image >= now.data.images) throw new InputError(`The data has no image number ${image}.`);
      const own = ownTexts(now.data);
      const typed = [...new Set(texts)].filter((text) => !withOwn || !own.includes(text));
      const asked = [...(withOwn ? own : []), ...typed];
      if (asked.length === 0)
        throw new InputError('There is no text to choose from: type one, or ask with the data’s own.');
      const name = typeof image === 'number' ? String(image) : image.path;
      const isRight = (text: number) =>
        typeof image === 'number' ? withOwn && text === image % own.length : asked[text].includes('otter');
      const { teacher, student } = cosines(now.share, asked, [name], isRight);
      return {
        step: now.step,
        texts: asked,
        ownTexts: { asked: withOwn ? own.length : 0, all: own.length },
        cut: typed.filter(isLong),
        scale: SCALE,
        teacher: teacher.map((cosine) => SCALE * cosine),
        student: student.map((cosine) => SCALE * cosine),
      };
    },
    async search(text) {
      const now = await think();
      if (!now) return undefined;
      const { step, share, data } = now;
      const own = ownTexts(data);
      const { heldOut, all } = heldOutOf(data);
      const images = Array.from({ length: all }, (_, image) => ({
        image,
        path: `test/${image}.png`,
        texts: [data.classes[image % own.length]],
        isRight: own[image % own.length] === text,
      }));
      const paths = images.map(({ path }) => path);
      const isRight = (_: number, image: number) => images[image].isRight;
      return {
        step,
        heldOut,
        all,
        isOwn: own.includes(text),
        isCut: isLong(text),
        images,
        ...cosines(share, [text], paths, isRight),
      };
    },
  };
}
