import { type RefObject, useEffect, useRef, useState } from 'react';
import { openCamera, stopCamera } from '../../page/camera';

export interface Camera {
  /** To be the ref of the video element that shows it. */
  video: RefObject<HTMLVideoElement | null>;
  isRunning: boolean;
  /** Why it doesn't run, in a sentence. */
  problem?: string;
}

/** The camera, for as long as it is wanted and shown. */
export function useCamera(isWanted: boolean): Camera {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<Omit<Camera, 'video'>>({ isRunning: false });
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    let camera: MediaStream | undefined;
    const start = async () => {
      const opened = await openCamera();
      if (isGone || !video.current) return stopCamera(opened);
      camera = opened;
      for (const track of opened.getTracks())
        track.addEventListener('ended', () =>
          setState({ isRunning: false, problem: 'The camera was switched off.' }),
        );
      video.current.srcObject = opened;
      await video.current.play();
      if (!isGone) setState({ isRunning: true });
    };
    start().catch((error: unknown) => {
      stopCamera(camera);
      if (!isGone)
        setState({ isRunning: false, problem: error instanceof Error ? error.message : String(error) });
    });
    return () => {
      isGone = true;
      stopCamera(camera);
      setState({ isRunning: false });
    };
  }, [isWanted]);
  return { video, ...state };
}
