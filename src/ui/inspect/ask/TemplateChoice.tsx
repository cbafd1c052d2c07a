import { askedStore } from '../../../page/inspect/asked';
import { useAsked, useStore } from '../../parts/stores';
import styles from './Ask.module.css';

/** Whether typed texts go into the data's template; captions have none. */
export function TemplateChoice() {
  const template = useStore((state) => state.data?.promptTemplate);
  const inTemplate = useAsked((state) => state.inTemplate);
  if (template === undefined) return null;
  return (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={inTemplate}
        onChange={(event) => askedStore.setState({ inTemplate: event.target.checked })}
      />
      <span>typed as “{template.replace('{}', '…')}”</span>
    </label>
  );
}
