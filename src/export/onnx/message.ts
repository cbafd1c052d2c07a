/** A protocol buffers message that is being written (protobuf.dev, "Encoding"). What it is given is not copied. */
export class Message {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  /** A varint: an integer from 0. */
  int(field: number, value: number): this {
    return this.append(varint(8 * field), varint(value));
  }

  /** 32 bits, little-endian. */
  float(field: number, value: number): this {
    return this.append(varint(8 * field + 5), new Uint8Array(Float32Array.of(value).buffer));
  }

  bytes(field: number, value: Uint8Array): this {
    return this.append(varint(8 * field + 2), varint(value.length), value);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  /** Another message as it is now. */
  message(field: number, value: Message): this {
    this.append(varint(8 * field + 2), varint(value.length));
    for (const part of value.parts) this.append(part);
    return this;
  }

  encode(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  private append(...parts: Uint8Array[]): this {
    for (const part of parts) {
      this.parts.push(part);
      this.length += part.length;
    }
    return this;
  }
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Uint8Array.from([...bytes, rest]);
}
