import { count, plural } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { DataImage } from '../../parts/DataImage';
import styles from './overview.module.css';
import { type Props, Recognised } from './Recognised';
import { Shares } from './Shares';

/** What was recognised and why, and what is in it. */
export function Overview(props: Props) {
  const { data } = props;
  const splits = Object.entries(data.splits).filter(([split]) => split !== 'all');
  return (
    <div className={styles.overview}>
      <Recognised {...props} />
      <dl className={styles.figures} aria-live="polite">
        <Figure name="images" value={count(data.images)} />
        <Figure name={data.pairs === 1 ? 'pair' : 'pairs'} value={count(data.pairs)} />
        {data.classes.length > 0 && <Figure name="classes" value={count(data.classes.length)} />}
        {data.captionsPerImage && <Captions {...data.captionsPerImage} />}
        <Figure name="skipped" value={count(data.skipped.length)} />
      </dl>
      {splits.length > 0 && (
        <Shares
          title="Splits"
          parts={splits.map(([name, images]) => ({ name, amount: images, says: count(images) }))}
        />
      )}
      {data.scripts.length > 0 && (
        <Shares
          title="Scripts of the texts"
          parts={data.scripts.map(({ script, share }) => ({
            name: script,
            amount: share,
            says: share100(share),
          }))}
        />
      )}
      {/* The demo's images are known. */}
      {data.examined > 0 && (
        <section className={styles.facts}>
          <h3>
            Looked into <b>{count(data.examined)}</b> of {plural(data.images, 'image')}
          </h3>
          {data.sizes && <Sizes {...data.sizes} />}
          <p>{duplicates(data.duplicates)}</p>
        </section>
      )}
      <ul className={styles.samples} aria-label="A few of the images and their texts">
        {data.samples.map(({ image, text }) => (
          <li key={image} title={text.slice(0, 1000)}>
            <DataImage index={image} alt="" />
            <small dir="auto">{text.slice(0, 100)}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Captions({ least, mean, most }: NonNullable<DataSummary['captionsPerImage']>) {
  const value = least === most ? String(most) : `${least} to ${most}`;
  return (
    <Figure
      name={`captions an image${least === most ? '' : `, ${mean.toFixed(1)} on average`}`}
      value={value}
    />
  );
}

function Sizes({ smallest, median, largest }: NonNullable<DataSummary['sizes']>) {
  const sizes = [
    ['smallest', smallest],
    ['median', median],
    ['largest', largest],
  ] as const;
  return (
    <p>
      {sizes.map(([name, { width, height }]) => (
        <span key={name} className={styles.sizeFact}>
          {name}{' '}
          <b>
            {count(width)} × {count(height)}
          </b>
        </span>
      ))}
    </p>
  );
}

function duplicates({ nearDuplicates, straddling, leftOut }: DataSummary['duplicates']): string {
  if (nearDuplicates === 0) return 'No two of them look alike.';
  const alike = `${plural(nearDuplicates, 'image')} ${nearDuplicates === 1 ? 'looks' : 'look'} like another one`;
  const apart =
    straddling > 0 ? `, ${count(straddling)} across training and test` : ', none across training and test';
  return `${alike}${apart}${leftOut > 0 ? `; ${count(leftOut)} left out for that` : ''}.`;
}

const share100 = (share: number): string => (share < 0.01 ? '< 1 %' : `${Math.round(share * 100)} %`);
