import styles from './overview.module.css';

interface Props {
  title: string;
  parts: { name: string; amount: number; says: string }[];
}

/** How a whole is shared out: a bar of parts, and their names and amounts below it. */
export function Shares({ title, parts }: Props) {
  return (
    <section className={styles.shares}>
      <h3>{title}</h3>
      <div className={styles.shareBar} aria-hidden="true">
        {parts.map(({ name, amount }) => (
          <i key={name} style={{ flexGrow: amount }} />
        ))}
      </div>
      <ul>
        {parts.map(({ name, says }) => (
          <li key={name}>
            <i className="swatch" />
            {name} <b>{says}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}
