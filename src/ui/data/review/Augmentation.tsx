import { useEffect, useState } from 'react';
import type { Augment, SectionProps } from '../../../page/data/draft';
import { engine } from '../../../page/engine';
import { plural } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { DataImage } from '../../parts/DataImage';
import { Segments } from '../../parts/Segments';
import { useStore } from '../../parts/stores';
import styles from './review.module.css';

const DRAWS = 8;

const choices = [
  ['none', 'none'],
  ['crop-flip', 'crop, flip'],
  ['crop-flip-jitter', 'crop, flip, colour'],
] as const;

const explained: Record<Augment, string> = {
  none: 'Every epoch sees each image as it is, cut to a square in its middle.',
  'crop-flip':
    'Every epoch sees each image in another crop of half to all of its area, half of them mirrored.',
  'crop-flip-jitter':
    'Every epoch sees each image in another crop of half to all of its area, half of them mirrored, in slightly other brightness, contrast and saturation.',
};

/** How images are varied at random, on one of the user's own. */
export function Augmentation({ data, draft, onChange }: SectionProps & { data: DataSummary }) {
  const [image, setImage] = useState(data.samples[0]?.image);
  return (
    <div className={styles.augmentation}>
      <Segments
        label="Augmentation"
        value={draft.augment}
        options={choices}
        onChange={(augment) => onChange({ augment })}
      />
      <p className="muted">{explained[draft.augment]} Teacher and student see the same.</p>
      <ul className={styles.picks} aria-label="The image to preview">
        {data.samples.map((sample) => (
          <li key={sample.image}>
            <button
              type="button"
              aria-label={sample.text || `image ${sample.image}`}
              aria-pressed={sample.image === image}
              title={sample.text}
              onClick={() => setImage(sample.image)}
            >
              <DataImage index={sample.image} alt="" />
            </button>
          </li>
        ))}
      </ul>
      {image !== undefined && <Draws image={image} augment={draft.augment} />}
      {data.notMirrored > 0 && (
        <p>
          <b>{plural(data.notMirrored, 'image')}</b> whose texts say left or right{' '}
          {data.notMirrored === 1 ? 'is' : 'are'} never mirrored.
        </p>
      )}
    </div>
  );
}

/** Eight random draws, as training sees them. */
function Draws({ image, augment }: { image: number; augment: Augment }) {
  const [pictures, setPictures] = useState<ImageData[]>([]);
  const [problem, setProblem] = useState('');
  const version = useStore((state) => state.imagesVersion);
  // Another version has another image at this index.
  useEffect(() => {
    let isCurrent = true;
    engine.augmented(image, DRAWS, augment).then(
      ({ size, pictures }) => {
        if (!isCurrent) return;
        setPictures(pictures.map((pixels) => new ImageData(pixels, size, size)));
        setProblem('');
      },
      (error: Error) => isCurrent && setProblem(error.message),
    );
    return () => {
      isCurrent = false;
    };
  }, [image, augment, version]);
  if (problem) return <p role="alert">{problem}</p>;
  return (
    <ul className={styles.draws} aria-label={`${DRAWS} random draws of the image`}>
      {Array.from({ length: DRAWS }, (_, place) => (
        <li key={place}>{pictures[place] && <Picture pixels={pictures[place]} />}</li>
      ))}
    </ul>
  );
}

function Picture({ pixels }: { pixels: ImageData }) {
  return (
    <canvas
      width={pixels.width}
      height={pixels.height}
      ref={(canvas) => canvas?.getContext('2d')?.putImageData(pixels, 0, 0)}
    />
  );
}
