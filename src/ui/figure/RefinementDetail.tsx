import { loss, setting } from '../format';
import { useStore } from '../store';
import { Butterfly } from './Butterfly';
import { Sym } from './Symbol';
import { useSizes } from './useSizes';

/** How far the student's answer is from the teacher's, text by text. */
export function RefinementDetail() {
  const kl = useStore((state) => state.metrics?.kl);
  const tau = useStore((state) => setting(state.loadedRun.loss.temperature));
  const sizes = useSizes();
  return (
    <div className="of-kl">
      <p className="formula">
        L<sub>KD</sub> = <Sym of="tau" sizes={sizes} value={tau} />² KL(softmax <Sym of="qt" sizes={sizes} />/
        <Sym of="tau" sizes={sizes} value={tau} /> ‖ softmax <Sym of="qs" sizes={sizes} />/
        <Sym of="tau" sizes={sizes} value={tau} />) = <b className="value">{loss(kl)}</b>
      </p>
      <Butterfly />
    </div>
  );
}
