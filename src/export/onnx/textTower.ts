import type { ClipConfig, TextConfig } from '../../clip/config';
import { InputError } from '../../files/folder';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { Graph, Value } from './graph';
import { Tower } from './tower';

/** An `eosTokenId` by which a text ends at its largest id, the last of the vocabulary. */
const OLD_RULE = 2;

/**
 * CLIP's text tower f_T in a graph.
 *
 * @param ids token ids, [texts, tokens], each text ended and padded
 * @returns features, [texts, projectionDim], not normalised
 */
export function textTower(graph: Graph, ids: Value, tensors: HostTensors, { text }: ClipConfig): Value {
  if (!text) throw new InputError('This model has no text tower.');
  const { maxPositionEmbeddings: context, hiddenSize: width } = text;
  const tower = new Tower(graph, tensors, 'text_model', text);
  const tokens = graph.op('Shape', [ids], { start: 1, end: 2 });
  const first = (table: Value, axis: number) =>
    graph.op('Slice', [table, graph.integers([0]), tokens, graph.integers([axis])]);
  const ended = endAtContext(graph, graph.cast(ids, 'int32'), (row) => first(row, 0), text);
  const { data } = tower.tensor('embeddings.position_embedding.weight');
  const placed = graph.op('Add', [
    graph.rows(tower.tensor('embeddings.token_embedding.weight'), ended),
    first(graph.floats(data, [context, width]), 0),
  ]);
  const mask = first(first(graph.floats(causalMask(context), [context, context]), 0), 1);
  const encoded = tower.encoder(placed, { mask });
  const ends = graph.op('ArgMax', [endScores(graph, ended, text)], { axis: 1, keepdims: 1 });
  const last = graph.op('GatherND', [encoded, ends], { batch_dims: 1 });
  return tower.linear('text_projection', tower.layerNorm('final_layer_norm', last));
}

/** The last token that the tower reads becomes the end: Transformers.js cuts a longer text's end token off. */
function endAtContext(
  graph: Graph,
  ids: Value,
  first: (row: Value) => Value,
  { maxPositionEmbeddings: context, eosTokenId, vocabSize }: TextConfig,
): Value {
  const end = eosTokenId === OLD_RULE ? vocabSize - 1 : eosTokenId;
  const row = (each: number, last: number) =>
    first(
      graph.cast(
        graph.integers(Array.from({ length: context }, (_, i) => (i < context - 1 ? each : last))),
        'int32',
      ),
    );
  return graph.op('Add', [graph.op('Mul', [ids, row(1, 0)]), row(0, end)]);
}

/** Largest where a text's feature stands: at its first end token, by the older rule at its largest id. */
function endScores(graph: Graph, ids: Value, { eosTokenId }: TextConfig): Value {
  if (eosTokenId === OLD_RULE) return ids;
  const end = graph.cast(graph.integers([eosTokenId], []), 'int32');
  return graph.cast(graph.op('Equal', [ids, end]), 'int32');
}

/** [context, context]: 0 where a token may look, a number that softmax turns into 0 where it may not. */
function causalMask(context: number): Float32Array {
  const mask = new Float32Array(context * context);
  for (let row = 0; row < context; row++) mask.fill(-1e9, row * context + row + 1, (row + 1) * context);
  return mask;
}

/** Texts by their tokens. */
export interface KnownTexts {
  /** [texts, tokens], each text ended and padded. */
  ids: Int32Array;
  padding: number;
}

/**
 * Features of certain texts, found by their tokens, where a text tower would be too large; others' are not a number.
 *
 * @param ids token ids, [texts, tokens], int64
 * @param W the known texts' features, [known texts, d]
 */
export function knownTexts(graph: Graph, ids: Value, known: KnownTexts, W: HostTensor): Value {
  const [count] = W.shape;
  const context = known.ids.length / count;
  const tokens = graph.op('Shape', [ids], { start: 1, end: 2 });
  const missing = graph.op('Sub', [graph.integers([context]), tokens]);
  // A negative width cuts off, after a known text's end only padding.
  const widths = graph.op('Concat', [graph.integers([0, 0, 0]), missing], { axis: 0 });
  const padded = graph.op('Pad', [ids, widths, graph.integers([known.padding], [])]);
  const asked = graph.op('Unsqueeze', [padded, graph.integers([1])]);
  const equal = graph.op('Equal', [asked, graph.integers([...known.ids], [1, count, context])]);
  const isText = graph.toFloat(
    graph.op('ReduceMin', [graph.cast(equal, 'int32')], { axes: [2], keepdims: 0 }),
  );
  const found = graph.op('ReduceSum', [isText, graph.integers([1])], { keepdims: 1 });
  return graph.op('Div', [graph.op('MatMul', [isText, graph.floats(W.data, W.shape)]), found]);
}
