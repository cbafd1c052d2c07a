import './switch.css';

interface Props {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onChange }: Props) {
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOn}
      aria-label={label}
      title={`${label}: ${isOn ? 'on' : 'off'}`}
      onClick={() => onChange(!isOn)}
    />
  );
}
