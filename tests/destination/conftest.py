"""Property tests here are about results, never about how long a shared machine takes for them."""

import hypothesis

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
