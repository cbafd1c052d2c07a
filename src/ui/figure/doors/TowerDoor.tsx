import clsx from 'clsx';
import { useEffect, useState } from 'react';
import type { AttentionMap, AttentionMaps } from '../../../evaluate/results';
import { engine } from '../../../page/engine';
import { amount, bytes, percentage } from '../../../page/format';
import { DataImage } from '../../parts/DataImage';
import { useStore } from '../../parts/stores';
import { useSizes } from '../useSizes';
import { useWatched } from '../useWatched';
import { DoorPage } from './DoorPage';
import styles from './doors.module.css';
import { Spotlight } from './Spotlight';

/** What an image tower computes, how large it is, and where it looks in the followed image. */
export function TowerDoor({ of }: { of: 'teacher' | 'student' }) {
  const model = useStore((state) => state[of]);
  const { b, d = 'd' } = useSizes();
  const maps = useAttentionMaps();
  const image = useWatched()?.image;
  const isTeacher = of === 'teacher';
  return (
    <DoorPage
      says={
        isTeacher
          ? 'The big model. It looks at every image; what it finds is kept and never changes.'
          : 'The small model sees the same images and learns to find what the teacher finds.'
      }
      formulas={[
        isTeacher
          ? {
              tex: '\\ut = \\operatorname{normalise}(\\ft(\\x))',
              spoken: 'uₜ = normalise(f of the teacher(x))',
            }
          : {
              tex: '\\us = \\operatorname{normalise}(\\P(\\fs(\\x)))',
              spoken: 'uₛ = normalise(P(f of the student(x)))',
            },
        {
          tex: '\\A = \\operatorname{softmax}\\big(\\qc\\,\\ks^{\\top}/\\sqrt{\\dh}\\big)',
          spoken: 'A = softmax(the class token’s query times keys transposed over the root of the head size)',
        },
      ]}
      numbers={[`u_${isTeacher ? 't' : 's'} \\in \\mathbb{R}^{${b} \\times ${d}}`]}
      facts={
        model &&
        `${model.name}, ${model.description}: ${amount(model.imageParameters)} parameters in this tower, ${bytes(model.bytes)} with all weights.`
      }
    >
      <div className={clsx(styles.sideBySide, styles.spotlights)}>
        <Seen name="teacher" map={maps?.teacher} image={image} />
        <Seen name="student" map={maps?.student} image={image} />
      </div>
      <p className={styles.key}>bright: where the class token looks in the last layer, mean over the heads</p>
    </DoorPage>
  );
}

interface SeenProps {
  name: 'teacher' | 'student';
  map: AttentionMap | undefined;
  image: number | undefined;
}

function Seen({ name, map, image }: SeenProps) {
  const most = map?.weights.reduce((a, b) => Math.max(a, b), 0);
  return (
    <figure className={`of-${name}`}>
      <figcaption>
        {name}
        {map && `, up to ${percentage(most)} a patch`}
      </figcaption>
      <div className={styles.spotlight}>
        {image !== undefined && <DataImage key={image} index={image} alt="" />}
        {map && <Spotlight map={map} label={`Where the ${name} looks`} />}
      </div>
    </figure>
  );
}

/** Where both towers look in the followed image, asked for anew after each evaluation. */
function useAttentionMaps(): AttentionMaps | undefined {
  const image = useWatched()?.image;
  const evaluation = useStore((state) => state.evaluation);
  const [maps, setMaps] = useState<AttentionMaps>();
  useEffect(() => {
    if (image === undefined || !evaluation) return;
    let isCurrent = true;
    // What can't be opened has no map; the evaluation has told of it.
    engine.attentionMaps(image).then(
      (found) => isCurrent && setMaps(found),
      () => isCurrent && setMaps(undefined),
    );
    return () => {
      isCurrent = false;
    };
  }, [image, evaluation]);
  return maps;
}
