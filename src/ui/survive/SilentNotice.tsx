import { startAnew } from '../../page/survive/silence';

/** Offers another engine where the one that trains is not heard of. */
export default function SilentNotice() {
  return (
    <section className="notice is-problem" aria-label="The engine is silent" role="alert">
      <span>
        <b>Nothing was heard of the engine for a minute or more.</b> It may be at a long evaluation. Where it
        hangs, start it anew: the run goes on from its last checkpoint.
      </span>
      <button type="button" className="button is-primary" onClick={() => void startAnew()}>
        Start it anew
      </button>
    </section>
  );
}
