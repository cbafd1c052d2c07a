import { Moon, Sun } from 'lucide-react';
import { Tooltip } from '../parts/Tooltip';
import { setTheme, useTheme } from '../parts/theme';

export function ThemeButton() {
  const theme = useTheme();
  const other = theme === 'dark' ? 'light' : 'dark';
  const name = `Use the ${other} theme`;
  return (
    <Tooltip text={name}>
      <button type="button" className="button is-icon" aria-label={name} onClick={() => setTheme(other)}>
        {theme === 'dark' ? <Sun /> : <Moon />}
      </button>
    </Tooltip>
  );
}
