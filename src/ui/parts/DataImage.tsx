import clsx from 'clsx';
import { useEffect, useState } from 'react';
import { imageUrl } from '../../page/images';
import styles from './DataImage.module.css';
import { useStore } from './stores';

interface Props {
  /** Undefined while it is not known, or not wanted yet. */
  index?: number;
  alt: string;
  className?: string;
}

/** An image of the data set in use; a quiet square until its file is there. */
export function DataImage({ index, alt, className }: Props) {
  const [url, setUrl] = useState<string>();
  const version = useStore((state) => state.imagesVersion);
  // Another version has another image at this index.
  useEffect(() => {
    if (index === undefined) return;
    let isCurrent = true;
    imageUrl(index).then(
      (found) => isCurrent && setUrl(found),
      // The engine has reported what it skipped; a picture that is missing here stays an empty square.
      () => isCurrent && setUrl(undefined),
    );
    return () => {
      isCurrent = false;
    };
  }, [index, version]);
  return (
    <span className={clsx(styles.image, className)}>
      {url && <img src={url} alt={alt} draggable={false} decoding="async" />}
    </span>
  );
}
