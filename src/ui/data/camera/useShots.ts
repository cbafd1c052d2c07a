import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { takePicture } from '../../../page/camera';
import type { Shot, ShotClass } from '../../../page/data/cameraFiles';

export interface ShownShot extends Shot {
  id: string;
  /** For showing it. */
  url: string;
}

export interface ShownClass extends ShotClass {
  id: string;
  shots: readonly ShownShot[];
}

const emptyClass = (): ShownClass => ({ id: crypto.randomUUID(), name: '', shots: [] });

/** The classes that pictures are taken for; pictures are kept as JPEG files, no pixels of them. */
export function useShots(video: RefObject<HTMLVideoElement | null>, perSecond: number) {
  const [classes, setClasses] = useState<readonly ShownClass[]>(() => [emptyClass(), emptyClass()]);
  const recording = useRef<string>(undefined);
  const [recorded, setRecorded] = useState<string>();
  const change = useCallback(
    (id: string, by: (one: ShownClass) => Partial<ShownClass>) =>
      setClasses((all) => all.map((one) => (one.id === id ? { ...one, ...by(one) } : one))),
    [],
  );
  /** Where pictures are taken for this class, no further one is. */
  const stop = useCallback((id: string) => {
    if (recording.current !== id) return;
    recording.current = undefined;
    setRecorded(undefined);
  }, []);
  /** Takes one picture after the other until it is stopped, one at least. */
  const record = async (id: string) => {
    if (recording.current === id || !video.current) return;
    recording.current = id;
    setRecorded(id);
    do {
      const time = performance.now();
      const picture = await takePicture(video.current);
      const shot = { id: crypto.randomUUID(), picture, time, url: URL.createObjectURL(picture) };
      change(id, ({ shots }) => ({ shots: [...shots, shot] }));
      await new Promise((resolve) => setTimeout(resolve, time + 1000 / perSecond - performance.now()));
    } while (recording.current === id && video.current);
  };
  const latest = useRef(classes);
  latest.current = classes;
  useEffect(
    () => () => {
      recording.current = undefined;
      for (const { shots } of latest.current) for (const { url } of shots) URL.revokeObjectURL(url);
    },
    [],
  );
  return {
    classes,
    /** The class that pictures are being taken for. */
    recorded,
    record,
    stop,
    rename: (id: string, name: string) => change(id, () => ({ name })),
    add: () => setClasses((all) => [...all, emptyClass()]),
    removeClass: (id: string) => setClasses((all) => all.filter((one) => one.id !== id)),
    /** Without these pictures. */
    removeShots: (id: string, gone: readonly ShownShot[]) => {
      for (const { url } of gone) URL.revokeObjectURL(url);
      change(id, ({ shots }) => ({ shots: shots.filter((shot) => !gone.includes(shot)) }));
    },
  };
}
