import clsx from 'clsx';
import { type KnownModel, knownModels } from '../../hub/knownModels';
import { count } from '../../page/format';
import type { Role } from '../../worker/api';
import styles from './modelDialog.module.css';

interface Props {
  of: Role;
  value?: string;
  onChoose: (model: KnownModel) => void;
}

/** The known models of the hub, one to be chosen. */
export function KnownModels({ of: role, value, onChoose }: Props) {
  return (
    <fieldset className={clsx(styles.known, `of-${role}`)} aria-label={`Known models for the ${role}`}>
      <div className={styles.knownHead} aria-hidden>
        <span>On the Hugging Face hub</span>
        <span>Parameters</span>
        <span>Download</span>
        <span>Image</span>
        <span>Licence</span>
        <span />
      </div>
      {knownModels.map((model) => (
        <label key={model.id} title={model.id}>
          <input
            type="radio"
            className="unseen"
            name={`known-${role}`}
            checked={value === model.id}
            onChange={() => onChoose(model)}
          />
          <b>{model.name}</b>
          <span>{count(model.parameters)} M</span>
          <span>{count(model.megabytes)} MB</span>
          <span>{model.imageSize} px</span>
          <span>{model.licence ?? 'not stated'}</span>
          {model.isTested ? (
            <span />
          ) : (
            <span
              className="muted"
              title="This very repository was not loaded yet; models of its sizes were."
            >
              not tried from here
            </span>
          )}
        </label>
      ))}
    </fieldset>
  );
}
