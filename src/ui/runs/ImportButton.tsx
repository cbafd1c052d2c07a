import { useRef } from 'react';

/** Picks files of runs. */
export function ImportButton({ onFiles }: { onFiles: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="button"
        title="Runs that this page has exported as JSON, here or elsewhere; they can be dropped here, too"
        onClick={() => input.current?.click()}
      >
        Import…
      </button>
      <input
        ref={input}
        type="file"
        accept=".json"
        multiple
        hidden
        aria-label="Files of runs"
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // Empty again, so that the same choice counts as a change the next time.
          target.value = '';
        }}
      />
    </>
  );
}
