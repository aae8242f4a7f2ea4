"""The front door's addresses. The enquiry and its transitions are mounted by referrals, which knows them all."""

from django.urls import path

from intake.pages import views

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("enquiries/", views.Worklist.as_view(), name="worklist"),
    path("enquiries/open/", views.OpenPage.as_view(), name="open-enquiry"),
    path("enquiries/<str:reference>/attach/", views.AttachPage.as_view(), name="attach"),
    path("enquiries/<str:reference>/disclose/", views.DisclosePage.as_view(), name="disclose"),
]
