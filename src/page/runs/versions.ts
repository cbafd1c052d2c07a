import { InputError } from '../../files/folder';

/** Something as it lies in the browser's storage, of this or an earlier version of the page. */
export type Stored<Value> = Value & { version?: number };

/** By the version that they lead from, 0 where none is stored. */
export type Migrations<Value> = readonly ((stored: Stored<Value>) => Stored<Value>)[];

/** As it is to be stored by this version. */
export const versioned = <Value>(value: Value, migrations: Migrations<Value>): Stored<Value> => ({
  ...value,
  version: migrations.length,
});

/**
 * What was stored, of whatever version, as this one has it.
 *
 * @param name what it is called in the error
 * @throws InputError where it is of a newer version
 */
export function migrated<Value>(
  stored: Stored<Value>,
  migrations: Migrations<Value>,
  name: string,
): Stored<Value> {
  const { version = 0 } = stored;
  if (version > migrations.length)
    throw new InputError(`${name} was stored by a newer version of this page: reload it.`);
  return migrations.slice(version).reduce((old, migrate) => migrate(old), stored);
}
