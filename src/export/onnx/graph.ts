import { Message } from './message';

/** The name of a value in a graph. */
export type Value = string;

type Attribute = number | number[] | { float: number };

// Numbers of ONNX's enumerations (onnx.proto).
const types = { float32: 1, uint8: 2, int32: 6, int64: 7 };
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

const OPSET = 17;
const IR_VERSION = 8;

/** An ONNX graph that is being written. A size that is a text stands for any, the same wherever it is named. */
export class Graph {
  private readonly graph = new Message().text(2, 'graph');
  private count = 0;

  /** A constant of floats. */
  floats(data: ArrayLike<number>, shape: number[]): Value {
    return this.constant('float32', new Uint8Array(Float32Array.from(data).buffer), shape);
  }

  /** A constant of integers: a shape, or indices. */
  integers(values: number[], shape = [values.length]): Value {
    const data = BigInt64Array.from(values, BigInt);
    return this.constant('int64', new Uint8Array(data.buffer), shape);
  }

  input(name: string, type: 'float32' | 'int32' | 'uint8', shape: (number | string)[]): Value {
    this.graph.message(11, valueInfo(name, types[type], shape));
    return name;
  }

  /** Adds an operator with one output. */
  op(type: string, inputs: Value[], attributes: Record<string, Attribute> = {}): Value {
    const output = this.name();
    this.addNode(type, inputs, output, attributes);
    return output;
  }

  /** The values as float32. */
  toFloat(x: Value): Value {
    return this.op('Cast', [x], { to: types.float32 });
  }

  /** Gives a value the name of an output. */
  output(name: string, value: Value, shape: (number | string)[]): void {
    this.addNode('Identity', [value], name, {});
    this.graph.message(12, valueInfo(name, types.float32, shape));
  }

  /** The model file; `metadata` are texts by key that readers find with the model. */
  encode(metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> {
    const opset = new Message().text(1, '').int(2, OPSET);
    const model = new Message()
      .int(1, IR_VERSION)
      .text(2, 'clip-distillery')
      .message(7, this.graph)
      .message(8, opset);
    for (const [key, value] of Object.entries(metadata))
      model.message(14, new Message().text(1, key).text(2, value));
    return model.encode();
  }

  private addNode(type: string, inputs: Value[], output: Value, attributes: Record<string, Attribute>): void {
    const node = new Message();
    for (const input of inputs) node.text(1, input);
    node.text(2, output).text(3, `${type}_${output}`).text(4, type);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attributeMessage(name, value));
    this.graph.message(1, node);
  }

  private constant(type: 'float32' | 'int64', data: Uint8Array, shape: number[]): Value {
    const name = this.name();
    const tensor = new Message();
    for (const size of shape) tensor.int(1, size);
    this.graph.message(5, tensor.int(2, types[type]).text(8, name).bytes(9, data));
    return name;
  }

  private name(): Value {
    return `v${this.count++}`;
  }
}

function attributeMessage(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE_INT);
  if (!Array.isArray(value)) return message.float(2, value.float).int(20, ATTRIBUTE_FLOAT);
  for (const item of value) message.int(8, item);
  return message.int(20, ATTRIBUTE_INTS);
}

function valueInfo(name: string, type: number, shape: (number | string)[]): Message {
  const dimensions = new Message();
  for (const size of shape) {
    const dimension = new Message();
    dimensions.message(1, typeof size === 'number' ? dimension.int(1, size) : dimension.text(2, size));
  }
  const tensorType = new Message().int(1, type).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, tensorType));
}
