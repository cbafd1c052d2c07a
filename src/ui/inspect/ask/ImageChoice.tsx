import { Camera, CameraOff, ImageOff, ImageUp, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { askAbout, askAboutFile, jpegAddress, type OwnPicture } from '../../../page/inspect/asked';
import { DataImage } from '../../parts/DataImage';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import styles from './ImageChoice.module.css';
import type { Live } from './useLive';

interface Props {
  image: number | OwnPicture | undefined;
  /** It is the one that the figure follows. */
  isFollowed: boolean;
  isBroken: boolean;
  live: Live;
  isLive: boolean;
  onLive: (isLive: boolean) => void;
}

/** The image that is asked about, and how to take another. */
export function ImageChoice({ image, isFollowed, isBroken, live, isLive, onLive }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const name = useImageName(image);
  return (
    <div className={styles.choice}>
      {isLive ? (
        <LiveView live={live} />
      ) : (
        <figure>
          <Picture image={image} name={name} isBroken={isBroken} />
          <figcaption title={name}>
            {name}
            {isFollowed && image !== undefined && <small>followed by the figure</small>}
          </figcaption>
        </figure>
      )}
      <div className={styles.buttons}>
        <button
          type="button"
          className="button"
          aria-label="Choose an image"
          onClick={() => input.current?.click()}
        >
          <ImageUp size={15} aria-hidden="true" />
          Image
        </button>
        <button
          type="button"
          className="button is-icon"
          aria-label={isLive ? 'Stop the camera' : 'Camera'}
          title={isLive ? 'Stop the camera' : 'Camera'}
          onClick={() => onLive(!isLive)}
        >
          {isLive ? <CameraOff /> : <Camera />}
        </button>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/*,.heic,.heif"
        aria-label="An image to ask about"
        onChange={(event) => {
          askAboutFile(event.target.files ?? []);
          event.target.value = '';
        }}
      />
      {isFollowed ? (
        <p className="muted">or drop or paste one: it stays on this machine</p>
      ) : (
        <button type="button" className="quiet" onClick={() => askAbout(undefined)}>
          <Undo2 size={13} aria-hidden="true" />
          back to the data’s
        </button>
      )}
    </div>
  );
}

function LiveView({ live: { video, perSecond } }: { live: Live }) {
  return (
    <figure>
      <video ref={video} muted playsInline aria-label="What the camera shows" />
      <figcaption>
        camera
        <small>{perSecond === undefined ? 'starting' : `${rate(perSecond)} answers a second`}</small>
      </figcaption>
    </figure>
  );
}

const rate = (perSecond: number) => perSecond.toFixed(perSecond < 10 ? 1 : 0);

function Picture({ image, name, isBroken }: { image: Props['image']; name: string; isBroken: boolean }) {
  if (typeof image === 'number') return <DataImage index={image} alt={name} />;
  if (image === undefined || isBroken)
    return (
      <span className={styles.noPicture}>
        <ImageOff size={22} aria-hidden="true" />
      </span>
    );
  return <OwnImage key={image.id} picture={image} name={name} />;
}

/** A picture of the user's own; one that the browser can't show, as HEIC in most, as a JPEG. */
function OwnImage({ picture, name }: { picture: OwnPicture; name: string }) {
  const [jpeg, setJpeg] = useState<string>();
  useEffect(() => () => URL.revokeObjectURL(jpeg ?? ''), [jpeg]);
  // What can't be read at all is the answer's to say.
  const show = () => jpegAddress(picture).then(setJpeg, () => {});
  return (
    <img
      src={jpeg ?? picture.url}
      alt={name}
      draggable={false}
      onError={jpeg === undefined ? show : undefined}
    />
  );
}

/** The right texts of an image of the data; the file's name of another. */
function useImageName(image: Props['image']): string {
  const label = useLabel();
  const predictions = useStore((state) => state.evaluation?.predictions);
  if (typeof image === 'object') return image.path;
  const prediction = predictions?.find((one) => one.image === image);
  if (!prediction) return image === undefined ? 'no image yet' : `image ${image}`;
  return prediction.truth.map(label).join(', ') || prediction.path;
}
