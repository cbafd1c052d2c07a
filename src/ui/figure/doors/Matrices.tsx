import { useMemo } from 'react';
import type { Evaluation } from '../../../evaluate/results';
import { loss } from '../../../page/format';
import { chosenStore } from '../../../page/inspect/chosen';
import { useLabel } from '../../parts/labels';
import { useStore } from '../../parts/stores';
import { useWatched } from '../useWatched';
import charts from './charts.module.css';
import { amounts, type ColourScale, differences, gradientOf } from './colourScales';
import doors from './doors.module.css';
import { HeatMap } from './HeatMap';
import { useCells } from './useCells';

/** How alike both models find images (rows) and texts (columns), as cosines, and where they differ. */
export function Matrices() {
  const evaluation = useStore((state) => state.evaluation);
  const sorted = useMemo(() => evaluation && sortedCosines(evaluation), [evaluation]);
  return sorted && <SortedMatrices {...sorted} />;
}

function SortedMatrices({ predictions, texts, teacher, student, difference }: SortedCosines) {
  const label = useLabel();
  const watched = useWatched();
  const [rows, columns] = [predictions.length, texts.length];
  const { cell, handlers } = useCells(rows, columns);
  const range = rangeOf(teacher, student);
  const largest = Math.max(-difference.reduce((a, b) => Math.min(a, b), 0), rangeOf(difference).high, 1e-6);
  const shown = cell ?? { row: watched ? predictions.indexOf(watched) : 0, column: 0 };
  const at = shown.row * columns + shown.column;
  const follow = () => cell && chosenStore.setState({ image: predictions[cell.row].image });
  const maps = [
    { name: 'teacher', values: teacher, scale: amounts, ...range },
    { name: 'student', values: student, scale: amounts, ...range },
    { name: 'student − teacher', values: difference, scale: differences, low: -largest, high: largest },
  ];
  const image = predictions[shown.row];
  const imageName = image?.truth.map(label).join(', ') || image?.path;
  const text = label(texts[shown.column] ?? '');
  return (
    <div className={charts.matrices}>
      <p className={charts.readout} aria-hidden="true">
        <span>
          image <b>{imageName}</b>, text <b>{text}</b>
        </span>
        <span className="of-teacher">teacher {loss(teacher[at])}</span>
        <span className="of-student">student {loss(student[at])}</span>
      </p>
      {maps.map(({ name, values, scale, low, high }) => (
        <figure key={name}>
          <figcaption>{name}</figcaption>
          <div
            className={charts.matrix}
            role="slider"
            aria-label={`Similarity of images and texts, ${name}; arrow keys go from cell to cell, Enter follows the image`}
            aria-valuemin={1}
            aria-valuemax={rows * columns}
            aria-valuenow={at + 1}
            aria-valuetext={`image ${imageName}, text ${text}: ${loss(values[at])}`}
            tabIndex={0}
            onClick={follow}
            onKeyUp={(event) => event.key === 'Enter' && follow()}
            {...handlers}
          >
            <HeatMap
              values={values}
              rows={rows}
              columns={columns}
              low={low}
              high={high}
              scale={scale}
              cell={cell}
            />
          </div>
          <Legend low={low} high={high} scale={scale} />
        </figure>
      ))}
      <p className={doors.key}>
        rows: {rows} images, sorted by their text; columns: {columns} texts
      </p>
    </div>
  );
}

function Legend({ low, high, scale }: { low: number; high: number; scale: ColourScale }) {
  return (
    <p className={doors.ends}>
      <span>{loss(low)}</span>
      <i style={{ background: gradientOf(scale) }} />
      <span>{loss(high)}</span>
    </p>
  );
}

interface SortedCosines extends Pick<Evaluation, 'predictions'> {
  texts: string[];
  teacher: Float32Array;
  student: Float32Array;
  difference: Float32Array;
}

/** Both matrices with the images in the order of their first right text, so that right answers lie on the diagonal. */
function sortedCosines({ predictions, logits }: Evaluation): SortedCosines {
  const { texts, scale } = logits;
  const places = new Map(texts.map((text, i) => [text, i]));
  const placeOf = (row: number) => places.get(predictions[row].truth[0]) ?? texts.length;
  const order = [...predictions.keys()].sort((a, b) => placeOf(a) - placeOf(b));
  const cosines = (values: Float32Array) => {
    const sorted = new Float32Array(values.length);
    for (const [to, from] of order.entries())
      sorted.set(values.subarray(from * texts.length, (from + 1) * texts.length), to * texts.length);
    return sorted.map((value) => value / scale);
  };
  const [teacher, student] = [cosines(logits.teacher), cosines(logits.student)];
  return {
    predictions: order.map((row) => predictions[row]),
    texts,
    teacher,
    student,
    difference: student.map((value, i) => value - teacher[i]),
  };
}

function rangeOf(...all: Float32Array[]): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const values of all)
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  return { low, high };
}
