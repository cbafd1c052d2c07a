import { type BoxName, place } from './Box';
import { EduDetail } from './EduDetail';
import { IfAlignDetail } from './IfAlignDetail';
import { LogitsDetail } from './LogitsDetail';
import type { Rect } from './layOut';
import { ModelDetail } from './ModelDetail';
import { RefinementDetail } from './RefinementDetail';
import './detail.css';

/** The formula of the open box with the numbers of the moment, and its picture. */
export function Detail({ rect, open }: { rect: Rect; open: BoxName }) {
  return (
    <div className="detail" style={place(rect)} data-of={open}>
      {open === 'ifalign' && <IfAlignDetail />}
      {open === 'edu' && <EduDetail />}
      {open === 'refinement' && <RefinementDetail />}
      {(open === 'qt' || open === 'qs') && <LogitsDetail of={open} />}
      {(open === 'teacher' || open === 'student' || open === 'textTower' || open === 'projector') && (
        <ModelDetail of={open} />
      )}
    </div>
  );
}
