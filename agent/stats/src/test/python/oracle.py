"""Writes src/test/resources/oracle/*.csv: what scikit-learn and SciPy answer to random cases.

Run in agent/stats: python3 src/test/python/oracle.py [DIRECTORY]
"""

import math
import platform
import sys
import warnings

import numpy as np
import scipy
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn
from scipy import stats as sp
from scipy.spatial.distance import jensenshannon
from sklearn import metrics as sk
from sklearn.dummy import DummyClassifier
from sklearn.isotonic import IsotonicRegression

warnings.filterwarnings("ignore")
VERSIONS = (
    f"scikit-learn {sklearn.__version__}, scipy {scipy.__version__}, "
    f"numpy {np.__version__}, Python {platform.python_version()}"
)
DIRECTORY = sys.argv[1] if len(sys.argv) > 1 else "src/test/resources/oracle"


def write(name, columns, rows):
    with open(f"{DIRECTORY}/{name}.csv", "w", newline="\n") as out:
        out.write(f"# python3 src/test/python/oracle.py; {VERSIONS}\n")
        out.write(",".join(columns) + "\n")
        for row in rows:
            out.write(",".join(cell(v) for v in row) + "\n")


def cell(value):
    if isinstance(value, (list, np.ndarray)):
        return " ".join(cell(v) for v in value)
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    return "" if math.isnan(value) else repr(float(value))


def binary(random):
    rows = []
    for case in range(40):
        n = int(random.choice([1, 2, 5, 30, 400]))
        y = (random.random(n) < random.random()).astype(int)
        p = (random.random(n) < random.random()).astype(int)
        tn, fp, fn, tp = sk.confusion_matrix(y, p, labels=[0, 1]).ravel()
        both = 0 < y.sum() < n
        rows.append([
            tp, fp, fn, tn,
            sk.accuracy_score(y, p),
            sk.balanced_accuracy_score(y, p) if both else math.nan,
            sk.precision_score(y, p, zero_division=np.nan),
            sk.recall_score(y, p, zero_division=np.nan),
            sk.recall_score(y, p, pos_label=0, zero_division=np.nan),
            sk.f1_score(y, p, zero_division=np.nan),
            sk.matthews_corrcoef(y, p) if both and 0 < p.sum() < n else math.nan,
            math.nan if (y == y[0]).all() and (p == y[0]).all() else sk.cohen_kappa_score(y, p),
            baseline(y), sk.accuracy_score(y, p) - baseline(y),
        ])
    write("binary", ["tp", "fp", "fn", "tn", "accuracy", "balanced_accuracy", "precision", "recall",
                     "specificity", "f1", "mcc", "kappa", "majority_baseline", "lift"], rows)


def baseline(y):
    rows = np.zeros((len(y), 1))
    return DummyClassifier(strategy="most_frequent").fit(rows, y).score(rows, y)


def multiclass(random):
    rows = []
    for case in range(40):
        k = int(random.integers(2, 7))
        n = int(random.choice([1, 3, 10, 200]))
        y = random.integers(0, k, n)
        p = np.where(random.random(n) < .6, y, random.integers(0, k, n))
        labels = list(range(k))
        how = dict(labels=labels, zero_division=np.nan)
        one = len(set(y)) == 1 or len(set(p)) == 1
        rows.append([
            k, y, p,
            sk.accuracy_score(y, p),
            sk.precision_score(y, p, average="macro", **how),
            sk.recall_score(y, p, average="macro", **how),
            sk.f1_score(y, p, average="macro", **how),
            # scikit-learn answers 0 where no class that is predicted occurs.
            sk.precision_score(y, p, average="weighted", **how) if set(y) & set(p) else math.nan,
            sk.recall_score(y, p, average="weighted", **how),
            sk.f1_score(y, p, average="weighted", **how),
            sk.balanced_accuracy_score(y, p),
            math.nan if one else sk.matthews_corrcoef(y, p),
            math.nan if len(set(y) | set(p)) == 1 else sk.cohen_kappa_score(y, p),
            baseline(y), sk.accuracy_score(y, p) - baseline(y),
        ])
    write("multiclass", ["classes", "actual", "predicted", "accuracy", "precision", "recall", "f1",
                         "precision_weighted", "recall_weighted", "f1_weighted",
                         "balanced_accuracy", "mcc", "kappa", "majority_baseline", "lift"], rows)


def scores(random):
    rows = []
    for case in range(40):
        n = int(random.choice([2, 4, 20, 100]))
        y = (random.random(n) < .4).astype(int)
        y[0], y[1] = 0, 1
        p = random.beta(1 + y, 2 - y, n)
        if case % 3 == 0:
            p = np.round(p, 1)
        rows.append([
            y, p,
            sk.roc_auc_score(y, p),
            sk.average_precision_score(y, p),
            # As Hindcast bins: (0, .1] … (.9, 1], and 0 with the lowest.
            sk.roc_auc_score(y, np.ceil(p * 10).clip(1) / 10),
            sk.average_precision_score(y, np.ceil(p * 10).clip(1) / 10),
            sk.log_loss(y, p, labels=[0, 1]),
            sk.brier_score_loss(y, p),
        ])
    write("scores", ["actual", "score", "roc_auc", "average_precision", "binned_roc_auc",
                     "binned_average_precision", "log_loss", "brier"], rows)


def probabilities(random):
    rows = []
    for case in range(20):
        n, k = int(random.choice([1, 5, 40])), int(random.integers(2, 6))
        y = random.integers(0, k, n)
        p = random.dirichlet(np.full(k, .3), n)
        loss = sk.log_loss(y, p, labels=list(range(k)))
        rows.append([k, y, p.ravel(), loss,
                     sk.brier_score_loss(y, p, labels=list(range(k)), scale_by_half=False)])
    write("probabilities", ["classes", "actual", "probabilities", "log_loss", "brier"], rows)


def regression(random):
    rows = []
    for case in range(40):
        n = int(random.choice([2, 3, 10, 100]))
        y = random.normal(random.choice([0, 5, 1e6]), 10 ** random.uniform(-2, 3), n)
        p = y + random.normal(random.normal(), random.uniform(.1, 3), n)
        rows.append([
            y, p,
            float(np.mean(p - y)),
            sk.mean_absolute_error(y, p),
            sk.mean_squared_error(y, p),
            sk.root_mean_squared_error(y, p),
            sk.r2_score(y, p),
            sk.explained_variance_score(y, p),
            sk.mean_absolute_percentage_error(y, p),
            float(np.abs(p - y).sum() / np.abs(y).sum()),
        ])
    write("regression", ["actual", "predicted", "bias", "mae", "mse", "rmse", "r2",
                         "explained_variance", "mape", "weighted_mape"], rows)


def drift(random):
    rows = []
    for case in range(30):
        cells = int(random.integers(3, 14))
        r = random.multinomial(int(random.choice([50, 1000, 100000])), random.dirichlet(np.ones(cells)))
        c = random.multinomial(int(random.choice([50, 1000, 100000])), random.dirichlet(np.ones(cells)))
        p, q = r / r.sum(), c / c.sum()
        edges = np.cumsum(random.random(cells - 1))
        rows.append([
            r, c,
            jensenshannon(p, q) ** 2,
            math.sqrt(max(0, 1 - np.sqrt(p * q).sum())),
            np.abs(p - q).sum() / 2,
            np.abs(np.cumsum(p) - np.cumsum(q)).max(),
            edges,
            wasserstein(edges, np.cumsum(p)[:-1] - np.cumsum(q)[:-1]),
        ])
    write("drift", ["reference", "current", "jsd", "hellinger", "total_variation", "ks", "edges",
                    "wasserstein"], rows)


def wasserstein(edges, difference):
    """The integral of |F_p - F_q|, linear between edges, by a fine trapezoid rule cut at roots."""
    total = 0.0
    for i in range(len(edges) - 1):
        x = [edges[i], edges[i + 1]]
        d = [difference[i], difference[i + 1]]
        if d[0] * d[1] < 0:
            x.insert(1, x[0] + (x[1] - x[0]) * d[0] / (d[0] - d[1]))
            d.insert(1, 0.0)
        total += float(np.trapezoid(np.abs(d), x))
    return total


def quantile_bins(random):
    rows = []
    for case in range(30):
        n = int(random.choice([11, 50, 333]))
        values = random.normal(0, 10 ** random.uniform(-3, 6), n)
        if case % 3 == 0:
            values = np.round(values * 30 / np.abs(values).max())
        rows.append([values, np.quantile(values, np.arange(1, 10) / 10)])
    write("quantiles", ["values", "deciles"], rows)


def two_samples(random):
    rows = []
    for case in range(40):
        cells = int(random.integers(2, 32))
        shares = random.dirichlet(np.ones(cells))
        r = random.multinomial(int(random.choice([60, 1000, 100000])), shares)
        moved = shares if case % 2 else random.dirichlet(np.ones(cells) * 50)
        c = random.multinomial(int(random.choice([60, 1000, 100000])), moved)
        both = r + c > 0
        table = np.array([r[both], c[both]])
        g, p, degrees, _ = sp.chi2_contingency(table, correction=False, lambda_="log-likelihood")
        chi, p_chi, _, _ = sp.chi2_contingency(table, correction=False)
        n, m = c.sum(), r.sum()
        allowed = max(.02, sp.chi2.isf(.05, degrees) / m)
        rows.append([r, c, degrees, g, p, chi, p_chi,
                     sp.ncx2.sf(g, degrees, allowed * n * m / (n + m))])
    write("two_samples", ["reference", "current", "degrees", "g", "p", "chi_square",
                          "p_chi_square", "p_tolerance"], rows)


def chi_square(random):
    rows = []
    for case in range(200):
        degrees = int(random.integers(1, 40))
        noncentrality = float(random.choice([0, 10 ** random.uniform(-3, 4)]))
        spread = math.sqrt(2 * degrees + 4 * noncentrality)
        x = max(.01, degrees + noncentrality + random.uniform(-4, 6) * spread)
        tail = sp.ncx2.sf(x, degrees, noncentrality) if noncentrality else sp.chi2.sf(x, degrees)
        rows.append([x, degrees, noncentrality, tail, sp.chi2.isf(.05, degrees)])
    write("chi_square", ["x", "degrees", "noncentrality", "survival", "upper_quantile_05"], rows)


def students(random):
    rows = []
    for freedom in [1, 1.5, 2, 3, 10.25, 49, 200, 201, 1000, 1e6]:
        rows.append([float(freedom), scipy.stats.t.ppf(.975, freedom)])
    write("students", ["freedom", "quantile"], rows)


def means(random):
    """Intervals of means and of areas under the curve, from the rows themselves."""
    rows = []
    for case in range(20):
        n = int(random.choice([60, 300]))
        y = (random.random(n) < .4).astype(int)
        # Whole hundredths, so that the bins hold equal scores.
        p = np.round(random.beta(1 + y, 2 - y, n) * 49 + .5) / 50
        truth = random.normal(10, 3, n)
        e = random.normal(.2, 1, n)
        value = truth + e
        e = value - truth
        log = -np.where(y == 1, np.log(np.clip(p, 2**-52, None)), np.log(np.clip(1 - p, 2**-52, None)))
        auc, se = delong(y, p)
        logit = math.log(auc / (1 - auc))
        half = scipy.stats.t.ppf(.975, min(y.sum(), n - y.sum()) - 1) * se / (auc * (1 - auc))
        rows.append([
            y, p, truth, value,
            *skewed(log), *skewed((p - y) ** 2), *t(e), *skewed(np.abs(e)), *skewed(e ** 2),
            *ratio(np.abs(e), np.abs(truth)),
            *logarithmic(e ** 2, truth), *logarithmic((e - e.mean()) ** 2, truth),
            *relative(np.abs(e / truth), truth),
            1 / (1 + math.exp(half - logit)), 1 / (1 + math.exp(-half - logit)),
        ])
    measures = ["log_loss", "brier", "bias", "mae", "mse", "weighted_mape", "r2",
                "explained_variance", "mape", "roc_auc"]
    write("means", ["actual", "score", "truth", "value"]
          + [m + end for m in measures for end in ("_lower", "_upper")], rows)


def t(x):
    return scipy.stats.t.interval(.95, len(x) - 1, np.mean(x), scipy.stats.sem(x))


def skewed(x):
    """Hall's interval: where his transform of the t statistic meets the quantiles, by bisection."""
    n, mean, spread = len(x), np.mean(x), np.std(x)
    a, b, skew = 1 / 3, 1 / 6, sp.skew(x, bias=False) / math.sqrt(n)

    def transformed(v):
        return v + a * skew * v * v + (a * skew) ** 2 * v ** 3 / 3 + b * skew

    quantile = sp.t.ppf(.975, n - 1)
    ends = [scipy.optimize.brentq(lambda v: transformed(v) - q, -1e4, 1e4, xtol=1e-14)
            for q in (quantile, -quantile)]
    low, high = (mean - end * spread / math.sqrt(n - 1) for end in ends)
    return max(0.0, low), high


def logarithmic(squares, y):
    """1 - mean(squares)/var(y) by the delta method on ln(1 - R2), from the influence of each row."""
    n = len(y)
    if n < 200:
        return math.nan, math.nan
    deviation = (y - y.mean()) ** 2
    influence = squares / squares.mean() - deviation / deviation.mean()
    half = sp.t.ppf(.975, n - 1) * math.sqrt((influence ** 2).mean() / n)
    rest = squares.mean() / deviation.mean()
    return 1 - rest * math.exp(half), 1 - rest * math.exp(-half)


def relative(x, y):
    spread = (x ** 2).sum() ** 2 / (x ** 4).sum()
    return skewed(x) if (y > 0).all() and spread >= 10 else (math.nan, math.nan)


def ratio(numerator, denominator):
    r = numerator.sum() / denominator.sum()
    rest = (numerator - r * denominator) / denominator.mean()
    return scipy.stats.t.interval(.95, len(rest) - 1, r, scipy.stats.sem(rest))


def delong(y, p):
    order = np.sign(p[y == 1][:, None] - p[y == 0][None, :])
    kernel = (order + 1) / 2
    by_positive, by_negative = kernel.mean(axis=1), kernel.mean(axis=0)
    variance = by_positive.var(ddof=1) / len(by_positive) + by_negative.var(ddof=1) / len(by_negative)
    return float(kernel.mean()), math.sqrt(variance)


def weighted(random):
    """Rows that stand for several: sample_weight."""
    rows = []
    for case in range(20):
        n = int(random.choice([20, 200]))
        w = 2 ** random.integers(0, 4, n)
        y = (random.random(n) < .4).astype(int)
        y[0], y[1] = 0, 1
        p = np.ceil(random.beta(1 + 2 * y, 2, n) * 49) / 50
        c = (p > .5).astype(int)
        c[0], c[1] = 1, 1
        p[0] = p[1] = .9
        by = dict(sample_weight=w)
        rows.append([
            w, y, p,
            sk.accuracy_score(y, c, **by), sk.balanced_accuracy_score(y, c, **by),
            sk.precision_score(y, c, **by), sk.recall_score(y, c, **by),
            sk.recall_score(y, c, pos_label=0, **by), sk.f1_score(y, c, **by),
            sk.matthews_corrcoef(y, c, **by), sk.cohen_kappa_score(y, c, **by),
            sk.roc_auc_score(y, p, **by), sk.average_precision_score(y, p, **by),
            sk.log_loss(y, p, labels=[0, 1], **by), sk.brier_score_loss(y, p, **by),
            sk.mean_absolute_error(y, p, **by), sk.mean_squared_error(y, p, **by),
            sk.root_mean_squared_error(y, p, **by), sk.r2_score(y, p, **by),
            sk.explained_variance_score(y, p, **by),
            sk.mean_absolute_percentage_error(1 + y, 1 + p, **by),
        ])
    write("weighted", ["weight", "actual", "score", "accuracy", "balanced_accuracy", "precision", "recall",
                       "specificity", "f1", "mcc", "kappa", "roc_auc", "average_precision", "log_loss",
                       "brier", "mae", "mse", "rmse", "r2", "explained_variance", "mape_above_1"], rows)


def isotonic(random):
    """Rates of positives by bin, made monotone, with half a row of either kind more in each step."""
    rows = []
    for case in range(20):
        n = int(random.integers(2, 30))
        labels = random.integers(1, 60, n)
        positives = random.binomial(labels, np.linspace(.1, .9, n) if case % 2 else random.random(n))
        fitted = IsotonicRegression().fit_transform(np.arange(n), positives / labels, sample_weight=labels)
        step = np.concatenate([[0], np.cumsum(np.diff(fitted) > 1e-12)])
        smooth = [(positives[step == k].sum() + .5) / (labels[step == k].sum() + 1) for k in step]
        rows.append([positives, labels - positives, smooth])
    write("isotonic", ["positives", "negatives", "rates"], rows)


def areas(random):
    """Intervals of AUC and average precision of scores that are the upper edges of their bins."""
    z, rows = sp.norm.ppf(.975), []
    for case in range(20):
        n = int(random.choice([60, 400, 3000]))
        y = (random.random(n) < random.choice([.5, .2])).astype(int)
        y[:12], y[12:24] = 1, 0
        p = np.ceil(random.beta(1 + (3 + case % 4) * y, 3, n) * 50) / 50
        m, k = int(y.sum()), n - int(y.sum())
        auc, se = delong(y, p)
        student = sp.t.ppf(.975, min(m, k) - 1)

        def excess(area):
            q1, q2 = area / (2 - area), 2 * area ** 2 / (1 + area)
            both = [area * (1 - area) + (a - 1) * (q1 - area ** 2) + (b - 1) * (q2 - area ** 2)
                    for a, b in ((m, k), (k, m))]
            return abs(area - auc) - z * math.sqrt(max(both) / (m * k))

        ends = [scipy.optimize.brentq(excess, *sorted([auc, end]), xtol=1e-15) for end in (0, 1)] \
            if 0 < auc < 1 else [auc, auc]
        logit = scipy.special.expit(scipy.special.logit(auc)
                                    + np.array([-1, 1]) * student * se / (auc * (1 - auc)))
        # Pairs within a bin may be in either order.
        tied = (p[y == 1][:, None] == p[y == 0][None, :]).mean() / 2
        rows.append([y, p, max(0, min(logit[0], ends[0]) - tied), min(1, max(logit[1], ends[1]) + tied)])

        ap = sk.average_precision_score(y, p)
        boyd = scipy.special.expit(scipy.special.logit(ap)
                                   + np.array([-1, 1]) * student / math.sqrt(m * ap * (1 - ap)))
        moved = [sk.average_precision_score(y, p, sample_weight=np.where(y == 1, share / m, (1 - share) / k))
                 for share in wilson(m, n)]
        # The same two ends of a bin as ScoreBins has them.
        least = most = above = positives = 0.
        for edge in sorted(set(p), reverse=True):
            a, b = (y[p == edge] == 1).sum(), (y[p == edge] == 0).sum()
            most += a * (positives + a) / (positives + a + above) if a else 0
            above += b
            least += a - above * math.log1p(a / (positives + above)) if above else a
            positives += a
        low = ap - math.hypot(ap - boyd[0], ap - moved[0]) - (ap - least / m)
        high = ap + math.hypot(boyd[1] - ap, moved[1] - ap) + (most / m - ap)
        rows[-1] += [max(0, low), min(1, high)]
    write("areas", ["actual", "score"] + [m + end for m in ("roc_auc", "average_precision")
                                          for end in ("_lower", "_upper")], rows)


def calibration(random):
    rows = []
    for case in range(20):
        n = int(random.choice([20, 200]))
        p = random.random(n)
        if case % 4 == 0:
            p = np.round(p, 1)
        y = (random.random(n) < p ** random.uniform(.5, 2)).astype(int)
        b = np.clip(np.ceil(p * 10), 1, 10).astype(int)
        raw = chance = noise = squares = 0.0
        for k in set(b):
            inside = b == k
            nk, pk = inside.sum(), p[inside].mean()
            raw += nk / n * abs(pk - y[inside].mean())
            chance += nk / n * math.sqrt(2 * pk * (1 - pk) / (math.pi * nk))
            share = (y[inside].sum() + 2) / (nk + 4)
            noise += (nk / n) ** 2 * share * (1 - share) / nk
            squares += nk / n * (pk - y[inside].mean()) ** 2
        half = sp.norm.ppf(.975) * math.sqrt(noise + (squares - raw ** 2) / n)
        tilt, expected = (y - p) * (1 - 2 * p), ((1 - 2 * p) ** 2 * p * (1 - p)).sum()
        shift = 10.0
        z = np.array(skewed(tilt + shift)) - shift
        z = z * n / math.sqrt(expected) if (p * (1 - p)).sum() >= 4 else [math.nan, math.nan]
        rows.append([
            y, p, raw, max(0.0, raw - chance),
            ((y - p) * (1 - 2 * p)).sum() / math.sqrt(((1 - 2 * p) ** 2 * p * (1 - p)).sum()),
            (y - p).sum() / math.sqrt((p * (1 - p)).sum()),
            max(0.0, raw - chance - half), min(1.0, raw + half), *z,
        ])
    write("calibration", ["actual", "score", "raw", "ece", "spiegelhalter", "in_the_large",
                          "ece_lower", "ece_upper", "z_lower", "z_upper"], rows)


def top(random):
    rows = []
    for case in range(10):
        n, k = 40, int(random.integers(6, 12))
        y = random.integers(0, k, n)
        p = random.dirichlet(np.full(k, .5), n)
        rows.append([k, y, p.ravel(), sk.top_k_accuracy_score(y, p, k=5, labels=list(range(k)))])
    write("top", ["classes", "actual", "probabilities", "top_5_accuracy"], rows)


def sequences(random):
    rows = []
    for case in range(20):
        n = int(random.choice([1, 10, 1000, 100000]))
        s = int(random.integers(0, n + 1))
        mixture = scipy.special.betaln(s + .5, n - s + .5) - scipy.special.betaln(.5, .5)

        def excess(p):
            return (mixture - scipy.special.xlogy(s, p) - scipy.special.xlog1py(n - s, -p)) - math.log(20)

        lower = 0.0 if s == 0 else scipy.optimize.brentq(excess, 1e-300, s / n, xtol=1e-14)
        upper = 1.0 if s == n else scipy.optimize.brentq(excess, s / n, 1 - 1e-16, xtol=1e-14)
        rows.append([s, n, lower, upper])
    write("sequences", ["successes", "n", "lower", "upper"], rows)


def cells(random):
    """Intervals by the delta method, with derivatives by complex steps, and means of proportions."""
    z = scipy.stats.norm.ppf(.975)

    def total(c):
        return c.sum(), c.sum(axis=1), c.sum(axis=0), np.diag(c)

    def mcc(c):
        n, t, p, d = total(c)
        return (n * d.sum() - t @ p) / (np.sqrt(n * n - p @ p) * np.sqrt(n * n - t @ t))

    def kappa(c):
        n, t, p, d = total(c)
        return (n * d.sum() - t @ p) / (n * n - t @ p)

    def macro_f1(c):
        n, t, p, d = total(c)
        return (2 * d / (t + p)).mean()

    def weighted_f1(c):
        n, t, p, d = total(c)
        return (t * 2 * d / (t + p)).sum() / n

    def weighted_precision(c):
        n, t, p, d = total(c)
        return (t * d / p).sum() / n

    def error(measure, c):
        n = c.sum()
        u = np.zeros_like(c, dtype=float)
        for i in np.ndindex(c.shape):
            moved = c.astype(complex)
            moved[i] += 1e-30j
            u[i] = n * measure(moved).imag / 1e-30
        return math.sqrt((c / n * u * u).sum() / n)

    def fisher(measure, c):
        v, se = measure(c), error(measure, c)
        return np.tanh(np.arctanh(v) + np.array([-z, z]) * se / (1 - v * v))

    def logit(measure, c):
        v, se = measure(c), error(measure, c)
        return scipy.special.expit(scipy.special.logit(v) + np.array([-z, z]) * se / (v * (1 - v)))

    def mover(hits, rows):
        p = hits / rows
        low, high = np.array([wilson(h, n, rows.sum()) for h, n in zip(hits, rows)]).T
        k = len(p)
        return (p.mean() - math.sqrt(((p - low) ** 2).sum()) / k,
                p.mean() + math.sqrt(((high - p) ** 2).sum()) / k)

    rows = []
    for case in range(20):
        k = 2 + case % 4
        c = random.integers(10, 60, (k, k)) + np.diag(random.integers(20, 300, k))
        n, t, p, d = total(c)
        rows.append([k, c.ravel(), *fisher(mcc, c), *fisher(kappa, c), *logit(macro_f1, c),
                     *logit(weighted_f1, c), *logit(weighted_precision, c), *mover(d, t), *mover(d, p)])
    measures = ["mcc", "kappa", "macro_f1", "weighted_f1", "weighted_precision", "macro_recall", "macro_precision"]
    write("cells", ["classes", "counts"] + [m + end for m in measures for end in ("_lower", "_upper")], rows)


def wilson(hits, rows, window=None, level=.95):
    """Wilson's; from 50 rows in the window on, one to four hits reach to the 5 % limit of Poisson."""
    ends = scipy.stats.binomtest(int(hits), int(rows)).proportion_ci(level, method="wilson")
    low, high = ends.low, ends.high
    if (rows if window is None else window) >= 50 and level == .95:
        low = min(low, few(hits) / rows)
        high = max(high, 1 - few(rows - hits) / rows)
    return low, high


def few(hits):
    return math.inf if hits > 4 else 0 if hits == 0 else scipy.stats.chi2.ppf(.05, 2 * hits) / 2


def rates(random):
    """Measures of two classes by moving prevalence, recall and fall-out to their Wilson limits."""
    def matrix(at):
        positive, recall, fallout = at
        return np.array([[(1 - positive) * (1 - fallout), (1 - positive) * fallout],
                         [positive * (1 - recall), positive * recall]])

    def mcc(c):
        t, p = c.sum(axis=1), c.sum(axis=0)
        scale = 2 * math.sqrt(t.prod() * p.prod())
        return (np.trace(c) - t @ p) / scale if scale > 0 else 0.0

    def kappa(c):
        expected = c.sum(axis=1) @ c.sum(axis=0)
        return (np.trace(c) - expected) / (1 - expected) if expected < 1 else 0.0

    def lift(c):
        return np.trace(c) - c.sum(axis=1).max()

    def balanced(c):
        return (c[0, 0] / c[0].sum() + c[1, 1] / c[1].sum()) / 2

    def interval(measure, at, limits):
        value = measure(matrix(at))
        low = high = 0.0
        for i, ends in enumerate(limits):
            moved = [measure(matrix([*at[:i], end, *at[i + 1:]])) - value for end in ends]
            low += min(0.0, *moved) ** 2
            high += max(0.0, *moved) ** 2
        return value - math.sqrt(low), value + math.sqrt(high)

    rows = []
    for case in range(30):
        n, share = int(random.choice([20, 60, 200, 5000])), float(random.choice([.5, .1, .03]))
        y = random.random(n) < share
        y[0], y[1] = True, False
        p = np.where(random.random(n) < .8, y, random.random(n) < share)
        if case % 5 == 0:
            p = p & y
        p[0] = True
        (tn, fp), (fn, tp) = sk.confusion_matrix(y, p)
        at = [(tp + fn) / n, tp / (tp + fn), fp / (fp + tn)]
        limits = [wilson(tp + fn, n), wilson(tp, tp + fn, n), wilson(fp, fp + tn, n)]
        rows.append([tp, fp, fn, tn])
        for measure, least, most in ((mcc, -1, 1), (kappa, -1, 1), (lift, -1, .5)):
            low, high = interval(measure, at, limits)
            rows[-1] += [max(least, low), min(most, high)]
        low, high = interval(balanced, at, [(at[0], at[0]), limits[1], limits[2]])
        rows[-1] += [max(0, low), min(1, high)]
    measures = ["mcc", "kappa", "lift", "balanced_accuracy"]
    write("rates", ["tp", "fp", "fn", "tn"] + [m + end for m in measures for end in ("_lower", "_upper")], rows)


def costs(random):
    """Mean cost: shares of each price to their Wilson limits, with the correlations of shares."""
    rows = []
    for case in range(20):
        k = 2 + case % 3
        counts = random.integers(0, 80, (k, k)) + np.diag(random.integers(20, 300, k))
        prices = random.choice([0., 1., 2.5, 40., -3.], (k, k))
        n, shares, down, up = counts.sum(), [], [], []
        for price in sorted(set(prices.ravel()) - {0.}):
            hits = counts[prices == price].sum()
            q, (low, high) = hits / n, wilson(hits, n)
            shares.append(q)
            ends = sorted([price * low, price * high])
            down.append(np.sign(price) * (price * q - ends[0]))
            up.append(np.sign(price) * (ends[1] - price * q))
        mean = (counts * prices).sum() / n
        if not shares:
            continue
        q = np.array(shares)
        rho = -np.sqrt(np.outer(q, q) / np.outer(1 - q, 1 - q))
        np.fill_diagonal(rho, 1)
        low = mean - math.sqrt(np.array(down) @ rho @ np.array(down))
        high = mean + math.sqrt(np.array(up) @ rho @ np.array(up))
        rows.append([k, counts.ravel(), prices.ravel(), mean, max(low, min(0, prices.min())),
                     min(high, max(0, prices.max()))])
    write("costs", ["classes", "counts", "prices", "cost", "cost_lower", "cost_upper"], rows)


def majorities(random):
    """The largest share, and the accuracy above it, where several classes may have it."""
    z = sp.norm.ppf(.975)
    rows = []
    for case in range(20):
        k = 2 + case % 5
        shares = np.full(k, 1 / k) if case % 2 else random.dirichlet(np.full(k, 2.))
        n = 400
        y = random.choice(k, n, p=shares)
        p = np.where(random.random(n) < .7, y, random.integers(0, k, n))
        totals = np.bincount(y, minlength=k)
        most = totals.argmax()
        behind = (totals[most] - totals) / np.sqrt(totals[most] + totals)
        contend = np.flatnonzero((behind < z) | (np.arange(k) == most))
        level = 1 - .05 / len(contend)
        lower = max(wilson(totals[i], n, level=level)[0] for i in contend)
        upper = max(wilson(totals[i], n)[1] for i in contend)
        gains = [(y == p).astype(float) - (y == i) for i in contend]
        strict = sp.norm.isf(.025 / len(contend)) / z
        halves = [sp.t.ppf(.975, n - 1) * sp.sem(g) for g in gains]
        rows.append([k, sk.confusion_matrix(y, p, labels=list(range(k))).ravel(), lower, upper,
                     min(g.mean() - h for g, h in zip(gains, halves)),
                     min(g.mean() + h * strict for g, h in zip(gains, halves))])
    write("majorities", ["classes", "counts", "majority_baseline_lower", "majority_baseline_upper",
                         "lift_lower", "lift_upper"], rows)


makers = [binary, multiclass, scores, probabilities, regression, drift, quantile_bins, two_samples,
          chi_square, students, means, calibration, top, sequences, cells, rates, costs, majorities, areas, weighted, isotonic]
for seed, make in enumerate(makers):
    make(np.random.default_rng(20261124 + seed))
