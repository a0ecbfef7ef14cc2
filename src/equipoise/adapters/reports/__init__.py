"""Reports of a reading: text for a terminal, JSON, CSV, a picture, and a page that stands alone."""

from equipoise.adapters.reports.page import html_report
from equipoise.adapters.reports.picture import svg_report
from equipoise.adapters.reports.record import json_report
from equipoise.adapters.reports.report import Report
from equipoise.adapters.reports.table import csv_report
from equipoise.adapters.reports.text import text_report

__all__ = ["Report", "csv_report", "html_report", "json_report", "svg_report", "text_report"]
