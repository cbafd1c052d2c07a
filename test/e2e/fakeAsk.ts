import type { EngineApi } from '../../src/worker/api';
import { wait, words } from './fakeData';

const own = words.map((word) => `an emoji of ${word}`);
const SCALE = 20;

/** The same number for the same words, -1..1. */
function chance(words: string): number {
  let hash = 7;
  for (const character of words) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 2147483647;
  return ((hash * 16807) % 2147483647) / 1073741823.5 - 1;
}

/** The part of the engine that answers questions: a teacher that is right and a student that learns to be. */
export function fakeAsk(learned: () => { step: number; share: number }): Pick<EngineApi, 'ask' | 'search'> {
  const cosines = (
    texts: string[],
    pictures: string[],
    right: (text: number, picture: number) => boolean,
  ) => {
    const of = (model: string, sharpness: number) =>
      Float32Array.from({ length: texts.length * pictures.length }, (_, i) => {
        const [text, picture] = [i % texts.length, Math.floor(i / texts.length)];
        const noise = 0.06 * chance(`${model} ${texts[text]} ${pictures[picture]}`);
        return 0.15 + noise + (right(text, picture) ? sharpness : 0);
      });
    return { teacher: of('teacher', 0.2), student: of('student', 0.2 * learned().share) };
  };
  return {
    async ask({ image, texts, withOwn }) {
      await wait(50);
      if (typeof image === 'object') {
        const bytes = new Uint8Array(await image.file.slice(0, 4).arrayBuffer());
        if (bytes[0] !== 0x89 && !image.path.endsWith('.svg'))
          throw new Error(
            `${image.path} can't be read: not an image, damaged, or of a kind that this browser cannot decode.`,
          );
      }
      const asked = [...(withOwn ? own : []), ...texts.filter((text) => !withOwn || !own.includes(text))];
      const name = typeof image === 'number' ? String(image) : image.path;
      const isRight = (text: number) =>
        typeof image === 'number' ? text === image % own.length && withOwn : asked[text].includes('otter');
      const { teacher, student } = cosines(asked, [name], isRight);
      return {
        step: learned().step,
        texts: asked,
        ownTexts: { asked: withOwn ? own.length : 0, all: own.length },
        cut: texts.filter((text) => text.length > 300),
        scale: SCALE,
        teacher: teacher.map((cosine) => SCALE * cosine),
        student: student.map((cosine) => SCALE * cosine),
      };
    },
    async search(text) {
      await wait(50);
      const images = Array.from({ length: 40 }, (_, image) => ({
        image,
        path: `test/${image}.png`,
        texts: [own[image % own.length]],
        isRight: own[image % own.length] === text,
      }));
      const fits = (_: number, image: number) => images[image].isRight;
      return {
        step: learned().step,
        heldOut: true,
        all: 40,
        isOwn: own.includes(text),
        isCut: text.length > 300,
        images,
        ...cosines(
          [text],
          images.map(({ path }) => path),
          fits,
        ),
      };
    },
  };
}
