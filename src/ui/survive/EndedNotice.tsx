import { useStore } from '../parts/stores';

/** Asks whether to go on where the engine has ended again and again. */
export default function EndedNotice() {
  const ended = useStore((state) => state.ended);
  if (!ended) return null;
  return (
    <section className="notice is-problem" aria-label="The engine has ended" role="alert">
      <span>
        <b>{ended.words}</b> That was the third time in ten minutes. The student is kept as it was last; going
        on, it is computed by WebAssembly.
      </span>
      <button type="button" className="button is-primary" onClick={() => void ended.goOn()}>
        Go on
      </button>
    </section>
  );
}
