import { InputError } from './folder';

/** A tensor in main memory, as files hold it and as it crosses to and from the worker. */
export interface HostTensor {
  shape: number[];
  data: Float32Array | Int32Array;
}

/** Tensors by their name in the checkpoint. */
export type HostTensors = Record<string, HostTensor>;

/** Tensors whose shapes are known and whose numbers are read when asked for, so that memory holds a piece at a time. */
export interface TensorSource {
  readonly shapes: ReadonlyMap<string, number[]>;
  /** A tensor's numbers in order, some at a time; those of tensors that are not there are none. */
  pieces(name: string): AsyncIterable<Float32Array>;
}

/** Tensors in main memory as a source. */
export function inMemory(tensors: HostTensors): TensorSource {
  return {
    shapes: new Map(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
    async *pieces(name) {
      if (name in tensors) yield floats(tensors[name]);
    },
  };
}

function floats({ data }: HostTensor): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** The tensors of a source whose name `isChosen`. */
export function chosenFrom(source: TensorSource, isChosen: (name: string) => boolean): TensorSource {
  return { ...source, shapes: new Map([...source.shapes].filter(([name]) => isChosen(name))) };
}

/** Both sources' tensors; where both have one of the same name, that of `over`. */
export function overlay(base: TensorSource, over: TensorSource): TensorSource {
  return {
    shapes: new Map([...base.shapes, ...over.shapes]),
    pieces: (name) => (over.shapes.has(name) ? over : base).pieces(name),
  };
}

/** The same source; reading a tensor with NaN or infinity in it throws an InputError that begins with `where`. */
export function onlyFinite(source: TensorSource, where: string): TensorSource {
  return {
    ...source,
    async *pieces(name) {
      for await (const piece of source.pieces(name)) {
        checkFinite(piece, `${where}: ${name}`);
        yield piece;
      }
    },
  };
}

/** @throws InputError, beginning with `where`, where a number is NaN or infinite */
export function checkFinite(data: HostTensor['data'], where: string): void {
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  const found = Number.isNaN(data[at]) ? 'NaN' : 'infinity';
  throw new InputError(
    `${where} holds ${found}, so nothing could be computed with it: its training broke down, or the file is damaged. Take another one.`,
  );
}

/** One tensor of a source in main memory; undefined where there is none of this name. */
export async function readTensor(source: TensorSource, name: string): Promise<HostTensor | undefined> {
  const shape = source.shapes.get(name);
  if (!shape) return undefined;
  return { shape, data: await joinPieces(shape, source.pieces(name)) };
}

/** The numbers of a tensor of this shape, put together. */
export async function joinPieces(
  shape: number[],
  pieces: AsyncIterable<Float32Array>,
): Promise<Float32Array> {
  const data = new Float32Array(elementCount(shape));
  let at = 0;
  for await (const piece of pieces) {
    data.set(piece, at);
    at += piece.length;
  }
  return data;
}

/** All tensors of a source in main memory. */
export async function readAll(source: TensorSource): Promise<HostTensors> {
  const tensors: HostTensors = {};
  for (const name of source.shapes.keys()) {
    const tensor = await readTensor(source, name);
    if (tensor) tensors[name] = tensor;
  }
  return tensors;
}

/** How many numbers a tensor of this shape holds. */
export function elementCount(shape: number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
