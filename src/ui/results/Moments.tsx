import clsx from 'clsx';
import { Slider } from 'radix-ui';
import { history } from '../../page/store';
import { fork } from '../../page/time/fork';
import { scrub } from '../../page/time/scrub';
import slider from '../parts/StopSlider.module.css';
import { useStore } from '../parts/stores';
import styles from './Moments.module.css';

/** Goes back through the moments of the run that are kept: all of the page shows the student as it was then. */
export function Moments() {
  const moments = useStore((state) => state.moments);
  const moment = useStore((state) => state.moment);
  const now = useStore(() => history.length);
  const stops = [...moments.filter((step) => step < now), undefined];
  const isPast = moment !== undefined;
  return (
    <div className={clsx(styles.moments, stops.length === 1 && styles.isEmpty)}>
      <span aria-hidden title="Drag back, and the figure, Inspect and Ask show the student as it was then">
        Past
      </span>
      <div className={styles.row}>
        <Slider.Root
          className={slider.slider}
          max={Math.max(1, stops.length - 1)}
          value={[stops.length === 1 ? 1 : stops.indexOf(moment)]}
          disabled={stops.length === 1}
          onValueChange={([place]) => void scrub(stops[place])}
        >
          <Slider.Track className={slider.track}>
            <Slider.Range className={slider.range} />
          </Slider.Track>
          <Slider.Thumb
            className={slider.thumb}
            aria-label="Moment of the run"
            aria-valuetext={isPast ? `after step ${moment}` : 'now'}
          />
        </Slider.Root>
      </div>
      <div className={clsx(styles.buttons, !isPast && styles.isHidden)}>
        <button
          type="button"
          className="quiet"
          title={`Trains on from step ${moment} by the settings as they are now, as a run of its own`}
          onClick={() => isPast && void fork(moment)}
        >
          Fork
        </button>
        <button
          type="button"
          className="quiet"
          title="Back to the student as it is"
          onClick={() => void scrub(undefined)}
        >
          Now
        </button>
      </div>
    </div>
  );
}
