import { useState } from 'react';
import type { Prediction } from '../../evaluate/results';
import { useChosen } from '../figure/useWatched';
import { useStore } from '../store';
import { Gallery } from './Gallery';
import { type Order, orders } from './order';
import { useSteadyOrder } from './useSteadyOrder';
import './inspect.css';

const none: Prediction[] = [];

/** Held-out images and what both models make of them. */
export function InspectPanel() {
  const [order, setOrder] = useState<Order>('disagreement');
  const evaluation = useStore((state) => state.evaluation);
  const sorted = useSteadyOrder(evaluation?.predictions ?? none, order);
  const chosen = useChosen((state) => state.image);
  return (
    <section className="panel inspect" aria-label="Inspect">
      <div className="panel-head">
        <h2>Inspect</h2>
        <p className="inspect-note">
          {evaluation &&
            `${evaluation.heldOut ? 'held-out images' : 'training images, since none are held out'}, after step ${evaluation.step}`}
        </p>
        <label className="order">
          <span className="unseen">Order</span>
          <select
            value={order}
            onChange={(event) =>
              setOrder(orders.find(([id]) => id === event.target.value)?.[0] ?? 'disagreement')
            }
          >
            {orders.map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {sorted.length > 0 ? (
        <Gallery predictions={sorted} chosen={chosen} />
      ) : (
        <p className="muted waiting">
          Here the teacher and the student name pictures that neither has trained on.
        </p>
      )}
    </section>
  );
}
