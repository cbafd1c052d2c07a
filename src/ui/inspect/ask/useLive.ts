import { useEffect, useState } from 'react';
import type { ImageAnswers } from '../../../evaluate/results';
import { takePicture } from '../../../page/camera';
import { engine } from '../../../page/engine';
import { type Camera, useCamera } from '../../parts/useCamera';

export interface Live extends Camera {
  answer?: ImageAnswers;
  /** Answers of both models a second. */
  perSecond?: number;
}

/** What both models answer to what the camera shows, one picture after the other, as fast as they can. */
export function useLive(isOn: boolean, texts: string[], withOwn: boolean): Live {
  const camera = useCamera(isOn);
  const { video, isRunning } = camera;
  const hasTexts = withOwn || texts.length > 0;
  const [latest, setLatest] = useState<Pick<Live, 'answer' | 'perSecond' | 'problem'>>({});
  useEffect(() => {
    if (!isRunning || !hasTexts) return setLatest({});
    let isCurrent = true;
    const askOnAndOn = async () => {
      while (isCurrent && video.current) {
        const start = performance.now();
        const picture = await takePicture(video.current);
        const file = new File([picture], 'camera.jpg', { type: picture.type });
        const image = { id: crypto.randomUUID(), path: 'The picture', file };
        const answer = await engine.ask({ image, texts, withOwn });
        // A page that is not looked at shows no further picture either.
        await new Promise(requestAnimationFrame);
        if (!isCurrent) return;
        const now = 1000 / (performance.now() - start);
        setLatest(({ perSecond = now }) => ({ answer, perSecond: perSecond + (now - perSecond) / 5 }));
      }
    };
    askOnAndOn().catch((error: unknown) => {
      if (isCurrent) setLatest({ problem: error instanceof Error ? error.message : String(error) });
    });
    return () => {
      isCurrent = false;
    };
  }, [isRunning, hasTexts, video, texts, withOwn]);
  return { ...camera, ...latest, problem: camera.problem ?? latest.problem };
}
