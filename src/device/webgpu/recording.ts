import type * as tf from '@tensorflow/tfjs-core';
import { flush, webgpuBackend } from './backend';
import { aligned, type BufferPool, createOwnBuffer, destroyOwnBuffer } from './buffers';
import { planMemory } from './plan';
import { type Command, Constant, Input, type Resource, type TracedDispatch, Uniforms } from './trace';

/** An output of a step: where it lies when the step is done. */
export interface Output {
  name: string;
  resource: Resource;
  bytes: number;
}

interface Work {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  workgroups: [number, number, number];
}

interface Copy {
  from: GPUBufferBinding;
  to: GPUBufferBinding;
  bytes: number;
}

type Places = Map<Resource, GPUBufferBinding>;

/** A traced step with its buffers and bind groups, ready to be sent again and again. */
export class Recording {
  private readonly backend = webgpuBackend();
  private readonly buffers: GPUBuffer[] = [];
  private readonly inputs: Record<string, GPUBufferBinding> = {};
  private readonly work: (Work | Copy)[] = [];
  private readonly readBacks: { name: string; from: GPUBufferBinding; offset: number; bytes: number }[] = [];
  private outputBytes = 0;
  /** Buffers to read outputs from, that no step is using. */
  private readonly staging: GPUBuffer[] = [];

  constructor(
    private readonly commands: Command[],
    /** Tensors from outside that the step changes in place. */
    private readonly changed: Iterable<tf.DataId>,
    outputs: Output[],
    private readonly pool: BufferPool,
  ) {
    const places = this.place(outputs);
    const resolve = (resource: Resource) => places.get(resource) ?? (resource as GPUBufferBinding);
    for (const command of commands) {
      if (command.kind === 'dispatch') this.work.push(this.bind(command, resolve));
      else
        for (const { source, offset, bytes } of command.parts) {
          const from = resolve(source);
          const to = { buffer: resolve(command.target).buffer, offset };
          if (from.buffer !== to.buffer) this.work.push({ from, to, bytes });
        }
    }
    for (const { name, resource, bytes } of outputs) {
      this.readBacks.push({ name, from: resolve(resource), offset: this.outputBytes, bytes });
      this.outputBytes += aligned(bytes);
    }
  }

  /** Gives every resource of the trace its place in a buffer. */
  private place(outputs: Output[]): Places {
    const { commands } = this;
    const kept = outputs.map(({ resource }) => resource);
    const places: Places = new Map();
    const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
    const { slots, placed, inside } = planMemory(commands, kept);
    const buffers = this.pool.take(slots);
    for (const [temporary, slot] of placed)
      places.set(temporary, { buffer: buffers[slot], offset: 0, size: temporary.bytes });
    for (const [temporary, { target, offset }] of inside) {
      const buffer = buffers[placed.get(target) ?? 0];
      places.set(temporary, { buffer, offset, size: temporary.bytes });
    }
    const all = [...commands.flatMap((command) => resourcesOf(command)), ...kept];
    const constants = new Set(all.filter((one) => one instanceof Constant));
    const uniforms = new Set(all.filter((one) => one instanceof Uniforms));
    this.upload([...constants], STORAGE | COPY_SRC, places);
    this.upload([...uniforms], UNIFORM, places);
    for (const input of new Set(all.filter((one) => one instanceof Input))) {
      const buffer = this.createBuffer(aligned(input.bytes), STORAGE | COPY_SRC | COPY_DST);
      this.inputs[input.name] = { buffer, offset: 0, size: input.bytes };
      places.set(input, this.inputs[input.name]);
    }
    return places;
  }

  /** Writes numbers that stay the same into one buffer, once. */
  private upload(resources: (Constant | Uniforms)[], usage: GPUBufferUsageFlags, places: Places): void {
    const total = resources.reduce((sum, { data }) => sum + aligned(data.byteLength), 0);
    if (total === 0) return;
    const bytes = new Uint8Array(total);
    const buffer = this.createBuffer(total, usage | GPUBufferUsage.COPY_DST);
    let offset = 0;
    for (const resource of resources) {
      const { data } = resource;
      bytes.set(new Uint8Array(data), offset);
      places.set(resource, { buffer, offset, size: data.byteLength });
      offset += aligned(data.byteLength);
    }
    this.backend.queue.writeBuffer(buffer, 0, bytes);
  }

  private createBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = createOwnBuffer(size, usage);
    this.buffers.push(buffer);
    return buffer;
  }

  private bind(
    { compile, resources, workgroups }: TracedDispatch,
    resolve: (resource: Resource) => GPUBufferBinding,
  ): Work {
    const { pipeline, layout } = compile();
    const bindGroup = this.backend.device.createBindGroup({
      layout,
      entries: resources.map((resource, binding) => ({ binding, resource: resolve(resource) })),
    });
    return { pipeline, bindGroup, workgroups };
  }

  /** Sends the step with these inputs; the promise brings the outputs when the device is done with it. */
  async replay(inputs: Record<string, ArrayBufferView<ArrayBuffer>>): Promise<Record<string, ArrayBuffer>> {
    const { backend, changed } = this;
    const { device, queue } = backend;
    flush(backend);
    for (const id of changed) backend.tensorMap.get(id).values = null;
    for (const [name, { buffer }] of Object.entries(this.inputs)) queue.writeBuffer(buffer, 0, inputs[name]);
    const staging = this.staging.pop() ?? this.createStaging();
    const encoder = device.createCommandEncoder();
    encode(encoder, this.work);
    for (const { from, offset, bytes } of this.readBacks)
      encoder.copyBufferToBuffer(from.buffer, from.offset ?? 0, staging, offset, bytes);
    queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const read = this.readBacks.map(
      ({ name, offset, bytes }) => [name, staging.getMappedRange(offset, bytes).slice(0)] as const,
    );
    staging.unmap();
    this.staging.push(staging);
    return Object.fromEntries(read);
  }

  private createStaging(): GPUBuffer {
    return this.createBuffer(this.outputBytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  }

  /** Lets go of its buffers, once the device is done with them. */
  dispose(): void {
    for (const buffer of this.buffers) destroyOwnBuffer(buffer);
  }
}

const resourcesOf = (command: Command): Resource[] =>
  command.kind === 'dispatch' ? command.resources : command.parts.map(({ source }) => source);

function encode(encoder: GPUCommandEncoder, work: (Work | Copy)[]): void {
  let pass: GPUComputePassEncoder | undefined;
  for (const item of work) {
    if ('pipeline' in item) {
      pass ??= encoder.beginComputePass();
      pass.setPipeline(item.pipeline);
      pass.setBindGroup(0, item.bindGroup);
      pass.dispatchWorkgroups(...item.workgroups);
    } else {
      pass?.end();
      pass = undefined;
      const { from, to, bytes } = item;
      encoder.copyBufferToBuffer(from.buffer, from.offset ?? 0, to.buffer, to.offset ?? 0, bytes);
    }
  }
  pass?.end();
}
