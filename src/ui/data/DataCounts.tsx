import type { DataSummary } from '../../worker/api';
import { count, plural } from '../format';

const MAX_LISTED = 200;

export function DataCounts({ data }: { data: DataSummary }) {
  const splits = Object.entries(data.splits).filter(([split]) => split !== 'all');
  const unseen = data.credits.filter((credit) => credit.heldOut).map((credit) => credit.name);
  return (
    <div className="counts">
      <p className="data-name" title={`${data.name}, ${data.format}`}>
        <b>{data.name}</b> <span className="muted">{data.format}</span>
      </p>
      <p>
        <b>{count(data.images)}</b> images, <b>{count(data.pairs)}</b> {data.pairs === 1 ? 'pair' : 'pairs'}
      </p>
      <p>
        {[
          data.classes.length > 0 && plural(data.classes.length, 'class', 'classes'),
          ...splits.map(([split, images]) => `${count(images)} ${split}`),
        ]
          .filter(Boolean)
          .join(', ')}
      </p>
      {unseen.length > 0 && (
        <p className="data-name muted" title={`Held out from all training: ${unseen.join(', ')}`}>
          unseen styles: {unseen.join(', ')}
        </p>
      )}
      {data.skipped.length > 0 && (
        <details className="skipped">
          <summary>{plural(data.skipped.length, 'file')} skipped</summary>
          <ul>
            {data.skipped.slice(0, MAX_LISTED).map(({ file, reason }) => (
              <li key={file}>
                <b>{file}</b> {reason}
              </li>
            ))}
            {data.skipped.length > MAX_LISTED && <li>and {count(data.skipped.length - MAX_LISTED)} more</li>}
          </ul>
        </details>
      )}
    </div>
  );
}
