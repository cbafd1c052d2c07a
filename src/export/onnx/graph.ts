import { encodeFloat16 } from '../../files/floats';
import type { HostTensor } from '../../files/tensors';
import { quantise, type WeightPrecision } from '../precision';
import { Message } from './message';

/** The name of a value in a graph. */
export type Value = string;

type Attribute = number | number[] | { float: number };

// Numbers of ONNX's enumerations (onnx.proto).
const types = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 };
type Type = keyof typeof types;
const ATTRIBUTE_FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

const OPSET = 17;
const IR_VERSION = 8;

/** An ONNX graph that is being written. A size that is a text stands for any, the same wherever it is named. */
export class Graph {
  private readonly graph = new Message().text(2, 'graph');
  private count = 0;

  constructor(private readonly precision: WeightPrecision = 'float32') {}

  /** A constant of floats. */
  floats(data: ArrayLike<number>, shape: number[]): Value {
    return this.constant('float32', bytesOf(asFloats(data)), shape);
  }

  /** A constant of integers: a shape, or indices. */
  integers(values: number[], shape = [values.length]): Value {
    return this.constant('int64', bytesOf(BigInt64Array.from(values, BigInt)), shape);
  }

  /**
   * A weight in the graph's precision.
   *
   * @param weight channels along its first axis
   */
  weight(weight: HostTensor): Value {
    return this.stored(weight.shape, weight, 0, (data) => data);
  }

  /** The weight of a linear layer, [out, in], turned to [in, out]. */
  turned(weight: HostTensor): Value {
    return this.stored(weight.shape.toReversed(), weight, 1, (data) => transposed(data, weight.shape));
  }

  /** Rows of a table [rows, width] in the graph's precision, by their indices [a, b]: [a, b, width]. */
  rows(table: HostTensor, indices: Value): Value {
    const { shape } = table;
    const gather = (values: Value) => this.op('Gather', [values, indices]);
    if (this.precision === 'float32') return gather(this.floats(table.data, shape));
    if (this.precision === 'float16') return this.toFloat(gather(this.halves(table.data, shape)));
    const { values, scales } = quantise(table);
    const integers = this.toFloat(gather(this.constant('int8', bytesOf(values), shape)));
    return this.op('Mul', [integers, gather(this.floats(scales, [shape[0], 1]))]);
  }

  input(name: string, type: Type, shape: (number | string)[]): Value {
    this.graph.message(11, valueInfo(name, types[type], shape));
    return name;
  }

  /** Adds an operator with one output. */
  op(type: string, inputs: Value[], attributes: Record<string, Attribute> = {}): Value {
    const output = this.name();
    this.addNode(type, inputs, output, attributes);
    return output;
  }

  cast(x: Value, type: Type): Value {
    return this.op('Cast', [x], { to: types[type] });
  }

  toFloat(x: Value): Value {
    return this.cast(x, 'float32');
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

  private stored(
    shape: number[],
    weight: HostTensor,
    axis: number,
    place: <Numbers extends Placeable>(data: Numbers) => Numbers,
  ): Value {
    const { data } = weight;
    if (this.precision === 'float32') return this.floats(place(asFloats(data)), shape);
    if (this.precision === 'float16') return this.toFloat(this.halves(place(asFloats(data)), shape));
    const { values, scales } = quantise(weight);
    const integers = this.constant('int8', bytesOf(place(values)), shape);
    return this.op('DequantizeLinear', [integers, this.floats(scales, [scales.length])], { axis });
  }

  private halves(data: ArrayLike<number>, shape: number[]): Value {
    return this.constant('float16', bytesOf(encodeFloat16(asFloats(data))), shape);
  }

  private constant(type: Type, data: Uint8Array, shape: number[]): Value {
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

const asFloats = (data: ArrayLike<number>): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);

type Placeable = Float32Array | Int8Array;

/** [out, in] → [in, out]. */
function transposed<Numbers extends Placeable>(data: Numbers, [out, inner]: number[]): Numbers {
  const result = data.slice() as Numbers;
  for (let row = 0; row < out; row++)
    for (let column = 0; column < inner; column++) result[column * out + row] = data[row * inner + column];
  return result;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
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
