import pytest

from equipoise.core.timeuse.quantiles import beta_quantile, gamma_quantile, student_bound

# Exact values by scipy 1.17.1: stats.beta.ppf, stats.gamma.ppf, stats.t.ppf.
BETA = [
    (0.05, 2.0, 3.0, 0.09761146),
    (0.95, 0.3, 0.2, 0.99999721),
    (0.50, 80.0, 400.0, 0.16620350),
    (0.95, 0.05, 1.0, 0.35848592),
]
GAMMA = [(0.05, 1.0, 0.05129329), (0.95, 1.0, 2.99573227), (0.5, 20.0, 19.66767242), (0.95, 0.3, 1.37234977)]
STUDENT = [(1.0, 6.31375151), (2.0, 2.91998558), (3.0, 2.35336343), (12.0, 1.78228756), (1e6, 1.64485515)]


class TestBetaQuantile:
    @pytest.mark.parametrize(("level", "a", "b", "exact"), BETA)
    def test_agrees_with_scipy(self, level: float, a: float, b: float, exact: float) -> None:
        assert beta_quantile(level, a, b) == pytest.approx(exact, abs=2e-4)


class TestGammaQuantile:
    @pytest.mark.parametrize(("level", "shape", "exact"), GAMMA)
    def test_agrees_with_scipy(self, level: float, shape: float, exact: float) -> None:
        assert gamma_quantile(level, mean=shape, variance=shape) == pytest.approx(exact, rel=2e-4)

    def test_scales_with_the_unit(self) -> None:
        assert gamma_quantile(0.9, mean=60.0, variance=3600.0) == pytest.approx(
            60 * gamma_quantile(0.9, mean=1.0, variance=1.0)
        )


class TestStudentBound:
    @pytest.mark.parametrize(("freedom", "exact"), STUDENT)
    def test_agrees_with_scipy(self, freedom: float, exact: float) -> None:
        assert student_bound(0.90, freedom) == pytest.approx(exact, rel=2e-4)
