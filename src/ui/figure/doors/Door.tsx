import type { BoxName } from '../../../page/inspect/openBox';
import { EduDoor } from './EduDoor';
import { IfAlignDoor } from './IfAlignDoor';
import { LogitsDoor } from './LogitsDoor';
import { LossDoor } from './LossDoor';
import { ProjectorDoor } from './ProjectorDoor';
import { RefinementDoor } from './RefinementDoor';
import { TextsDoor } from './TextsDoor';
import { TowerDoor } from './TowerDoor';

/** What stands behind a box of the figure. */
export default function Door({ of }: { of: BoxName }) {
  switch (of) {
    case 'teacher':
    case 'student':
      return <TowerDoor of={of} />;
    case 'textTower':
      return <TextsDoor />;
    case 'projector':
      return <ProjectorDoor />;
    case 'ifalign':
      return <IfAlignDoor />;
    case 'edu':
      return <EduDoor />;
    case 'refinement':
      return <RefinementDoor />;
    case 'loss':
      return <LossDoor />;
    case 'qt':
    case 'qs':
      return <LogitsDoor of={of} />;
  }
}
