import pytest

from rembench.reports.leaderboard.files import write_files
from rembench.reports.leaderboard.site.write import write_site


@pytest.fixture(scope="session")
def site(board, tmp_path_factory):
    """The whole site of the leaderboard of two submissions."""
    folder = tmp_path_factory.mktemp("site")
    write_site(board, folder)
    write_files(board, folder)
    return folder
