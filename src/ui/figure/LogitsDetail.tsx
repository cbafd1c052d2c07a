import { Butterfly } from './Butterfly';
import { Sym } from './Symbol';
import { useSizes } from './useSizes';

/** Where a model's logits come from. */
export function LogitsDetail({ of }: { of: 'qt' | 'qs' }) {
  const sizes = useSizes();
  return (
    <div className={of === 'qt' ? 'of-teacher' : 'of-student'}>
      <p className="formula">
        <Sym of={of} sizes={sizes} /> = <Sym of="s" sizes={sizes} /> ·{' '}
        <Sym of={of === 'qt' ? 'ut' : 'fe'} sizes={sizes} /> <Sym of="w" sizes={sizes} />ᵀ
      </p>
      <Butterfly />
    </div>
  );
}
